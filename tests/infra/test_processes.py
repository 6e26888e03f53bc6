"""How processes share the processor."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from expo.infra.config import ROOT

GIVES_WAY = """
import os
from pathlib import Path
from expo.infra.processes import lower_priority
lower_priority(7)
print(os.nice(0))
print(Path("/proc/self/autogroup").read_text())
"""


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel does not weigh sessions")
def test_lower_priority_when_in_a_session_of_its_own_then_the_whole_session_gives_way() -> None:
    before = subprocess.run(["nice"], check=True, capture_output=True, text=True)
    done = subprocess.run(
        [sys.executable, "-c", GIVES_WAY], cwd=ROOT, check=True, capture_output=True, text=True, start_new_session=True
    )
    own, session = done.stdout.split("\n", 1)
    assert int(own) == min(19, int(before.stdout) + 7)
    assert re.findall(r"nice (-?\d+)", session) == ["7"]
