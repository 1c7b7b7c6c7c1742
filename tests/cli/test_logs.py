import json
import subprocess
import sys

SAID = """
import logging, structlog
from deskcal.server import logs
logs.to_stderr()
structlog.get_logger().info("not told")
structlog.get_logger().warning("postgresql_is_gone", action="starting it again")
try:
    raise ValueError("Failing row contains (Maria Lopez)")
except ValueError as error:
    structlog.get_logger().error("unexpected", exc_info=error)
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
"""


def test_logs() -> None:
    """Warnings and worse are JSON lines on stderr; of an error its type and place, not its words."""
    done = subprocess.run([sys.executable, "-c", SAID], capture_output=True, check=True, text=True)
    gone, ours, theirs = (json.loads(line) for line in done.stderr.splitlines())
    assert (gone["event"], gone["level"], done.stdout) == ("postgresql_is_gone", "warning", "")
    assert {ours["error"], theirs["error"]} == {"ValueError"}
    assert "<string>" in theirs["at"][0]
    assert "Lopez" not in done.stderr
