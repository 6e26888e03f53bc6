"""A lean load generator: keep-alive HTTP/1.1 over plain sockets, so that it costs little compared to the server."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """The result of a load run: duration of each request, count of each status, and bodies by request."""

    seconds: float
    latencies: list[float]
    statuses: Counter[int]
    bodies: dict[int, bytes]

    @property
    def per_second(self) -> float:
        """Return the number of responses per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency percentile in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, port: int, body: bytes = b"", **headers: str) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send_all(requests: Sequence[bytes], port: int, clients: int, seconds: float = 60) -> Outcome:
    """Send the requests from `clients` concurrent clients, for at most `seconds`."""
    return asyncio.run(_send_all(requests, port, clients, seconds))


async def _send_all(requests: Sequence[bytes], port: int, clients: int, seconds: float) -> Outcome:
    queue = iter(enumerate(requests))
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    bodies: dict[int, bytes] = {}
    ends = time.perf_counter() + seconds

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, each in queue:
            began = time.perf_counter()
            if began > ends:
                break
            writer.write(each)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            # A 304 response has no body, so Content-Length may be missing.
            length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)
            bodies[number] = await reader.readexactly(length)
            latencies.append(time.perf_counter() - began)
            statuses[int(head[9:12])] += 1
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(clients)))
    return Outcome(time.perf_counter() - began, latencies, statuses, bodies)
