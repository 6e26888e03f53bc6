"""What the sign-in and account pages share when they ask for a code or a passkey."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from expo.accounts.rules import SignInWay
from expo.accounts.services.attempts import check_code_attempts, count_wrong_code
from expo.accounts.services.second_factors import RECOVERY_CODE_LENGTH, use_code
from expo.errors import ExpoError, Refused
from expo.infra.clock import utcnow
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.sessions import network_of_request

MAX_ANSWER_BYTES = 32 * 1024


def try_code(person_id: int, code: str) -> SignInWay:
    """Consume a code and return which kind it was. Raises Refused `code_wrong`, TooMany."""
    network, is_recovery_code = network_of_request(), len(code.strip()) >= RECOVERY_CODE_LENGTH
    check_code_attempts(person_id, network, is_recovery_code=is_recovery_code)
    try:
        return use_code(person_id, code, utcnow())
    except Refused:
        count_wrong_code(person_id, network, is_recovery_code=is_recovery_code)
        raise


def respond_json(act: Callable[[], dict[str, Any]]) -> tuple[Response, int]:
    """Return the result of `act` as JSON, or the error message if it is refused."""
    try:
        return jsonify(act()), 200
    except ExpoError as error:
        return jsonify(error=message_of(error)), status_of(error)


def read_credential() -> dict[str, Any]:
    """Return the passkey response sent by the script. Raises Refused `passkey_refused`."""
    request.max_content_length = MAX_ANSWER_BYTES
    body = request.get_json(silent=True)
    answer = body.get("answer") if isinstance(body, dict) else None
    if not isinstance(answer, dict):
        raise Refused("passkey_refused")
    return answer
