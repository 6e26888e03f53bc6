"""Combine calls that arrive at the same moment: one thread does the work of all that wait (group commit).

While a transaction runs, further calls collect, and the next transaction serves all of them. So the cost of a
transaction is shared when many arrive, and a single call waits for nobody.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Ticket(Generic[T, R]):
    """A call that waits: for its result, or to lead the next group."""

    __slots__ = ("_gate", "item", "leads", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        # None as long as the work was not done, or if it failed.
        self.result: tuple[R] | None = None
        self.leads = False
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self) -> None:
        self._gate.acquire()

    def wake(self) -> None:
        self._gate.release()


class Combiner(Generic[T, R]):
    """Runs `act` for all calls that wait at the same moment, at most `most` at once."""

    def __init__(self, act: Callable[[Sequence[T]], Sequence[R]], most: int) -> None:
        self._act = act
        self._most = most
        self._mutex = threading.Lock()
        self._waiting: deque[_Ticket[T, R]] = deque()
        self._is_busy = False

    def run(self, item: T) -> R:
        """Return the result for one item. If a group fails, each of its calls is tried on its own."""
        ticket: _Ticket[T, R] = _Ticket(item)
        with self._mutex:
            self._waiting.append(ticket)
            ticket.leads = not self._is_busy
            self._is_busy = True
        if not ticket.leads:
            ticket.wait()
        if ticket.leads:
            self._lead(ticket)
        if ticket.result is None:
            [result] = self._act([item])
            return result
        return ticket.result[0]

    def _lead(self, own: _Ticket[T, R]) -> None:
        """Do the work of all that wait, this call among them, and let the next one lead."""
        with self._mutex:
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._act([each.item for each in group])
            for each, result in zip(group, results, strict=True):
                each.result = (result,)
        except Exception:
            if len(group) == 1:
                raise
        finally:
            self._hand_over()
            for each in group:
                if each is not own:
                    each.wake()

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].wake()
            else:
                self._is_busy = False
