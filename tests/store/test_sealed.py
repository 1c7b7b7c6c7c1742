"""What is sealed at rest."""

from structlog.testing import capture_logs

from deskcal.store.sealed import Seal

KEY = "a key that only the tests know, long enough"


def test_only_the_same_key_opens() -> None:
    """Any process with the secret key reads it; another key reads nothing, and the log says no content."""
    sealed = Seal(KEY).close("Asthma; penicillin allergy")
    assert sealed.find(b"penicillin") == -1
    assert Seal(KEY).open(sealed) == "Asthma; penicillin allergy"
    with capture_logs() as logs:
        assert Seal(KEY + "!").open(sealed) is None
    assert [(line["log_level"], line["event"]) for line in logs] == [("warning", "sealed_text_unreadable")]
    assert "penicillin" not in str(logs)


def test_equal_texts_do_not_look_equal() -> None:
    """Nobody learns from the database that two patients have the same illness."""
    seal = Seal(KEY)
    assert seal.close("Asthma") != seal.close("Asthma")
