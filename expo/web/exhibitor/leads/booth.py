"""What a scanner of an exhibitor stores, so that it works without a network."""

import base64

from flask import Response, jsonify
from flask_wtf.csrf import generate_csrf

from expo.badges.queries import list_trusted_keys
from expo.infra.clock import utcnow
from expo.web.exhibitor.leads.questions import shown_questions
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.access import current_edition, current_person_id


def booth_response(problem: str = "") -> Response:
    """Return whose scanner it is, the public keys with which it checks signatures, and the questions.

    Both scanners of a company store it in one place. `problem` is what speaks against scanning at all.
    """
    answer = jsonify(
        owner=str(current_person_id()),
        name=current_membership().name,
        edition=current_edition().number,
        keys=[
            {"edition": number, "key_id": key_id, "public_key": base64.b64encode(key).decode()}
            for number, keys in list_trusted_keys().items()
            for key_id, key in keys.items()
        ],
        questions=shown_questions(current_membership().exhibitor_id),
        problem=problem,
        csrf_token=generate_csrf(),
        server_time=utcnow().isoformat(),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
