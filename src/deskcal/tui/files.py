"""Files that the desk writes for people: where they go, and who may read them."""

import os
from pathlib import Path

ONLY_OWNER = 0o600


def save(name: str, content: bytes) -> Path:
    """Write a file into the person's documents, in place of one of its name. Raises OSError."""
    import platformdirs

    folder = platformdirs.user_documents_path()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OWNER), "wb") as file:
        file.write(content)
    return path
