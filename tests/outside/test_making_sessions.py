"""Where remote appointments meet: Jitsi links, and Vonage as far as its published API says."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deskcal.core.booking import Mode
from deskcal.core.outside import OutsideFailed, Side, WayIn
from deskcal.outside.jitsi import Jitsi
from deskcal.outside.vonage import Vonage
from vonage_service import APPLICATION, PUBLIC_KEY, VonageService, vonage_service

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def service() -> AsyncIterator[VonageService]:
    async with vonage_service() as running:
        yield running


def claims(way_in: WayIn) -> dict[str, object]:
    assert way_in.token
    shown: dict[str, object] = jwt.decode(way_in.token, PUBLIC_KEY, ["RS256"])
    return shown


async def test_nobody_guesses_a_link() -> None:
    """Each appointment has a room of its own on the clinic's server, and both sides go to the same."""
    jitsi = Jitsi("https://meet.example.org/")
    one, other = await jitsi.make(Mode.VIDEO), await jitsi.make(Mode.VIDEO)
    assert one != other
    room = one.removeprefix("https://meet.example.org/deskcal-")
    assert len(bytes.fromhex(room)) == 16
    assert jitsi.way_in(one, Side.PATIENT, NOW) == jitsi.way_in(one, Side.PROVIDER, NOW) == WayIn(url=one)


@pytest.mark.parametrize("mode", [Mode.VOICE, Mode.VIDEO])
async def test_both_sides_enter_the_same_call(service: VonageService, mode: Mode) -> None:
    """A session is made once; each side gets a token for it, which runs out, and the provider moderates."""
    vonage = Vonage(service.account())
    kept = await vonage.make(mode)
    provider, patient = (vonage.way_in(kept, side, NOW) for side in (Side.PROVIDER, Side.PATIENT))
    assert service.sessions == [provider.session_id] == [patient.session_id]
    assert provider.application_id == APPLICATION
    assert provider.token_expires_at == NOW + timedelta(hours=4)
    shown = claims(provider)
    assert (shown["session_id"], shown["scope"]) == (provider.session_id, "session.connect")
    assert shown["exp"] == int((NOW + timedelta(hours=4)).timestamp())
    assert (shown["role"], claims(patient)["role"]) == ("moderator", "publisher")


async def test_both_sides_are_members_of_the_chat(service: VonageService) -> None:
    """A chat is a conversation with two users made up for it; each side's token is that of its user."""
    vonage = Vonage(service.account())
    kept = await vonage.make(Mode.CHAT)
    ways = [vonage.way_in(kept, side, NOW) for side in Side]
    assert [way.session_id for way in ways] == list(service.conversations) * 2
    assert [(way.session_id, claims(way)["sub"]) for way in ways] == service.members
    assert len({user for _, user in service.members}) == 2


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("broken", "Vonage answered with status 500"),
        ("garbled", "Vonage answered in a way that deskcal does not understand"),
        ("silent", "Vonage was not ready within 0.2 s"),
    ],
)
async def test_a_failure_says_what_vonage_did(service: VonageService, mood: str, said: str) -> None:
    """Whatever goes wrong there, ops read who failed and how."""
    service.mood = mood
    for mode in (Mode.VIDEO, Mode.CHAT):
        with pytest.raises(OutsideFailed) as failed:
            await Vonage(service.account(), seconds=0.2).make(mode)
        assert str(failed.value) == said


async def test_vonage_away_and_another_key(service: VonageService) -> None:
    """A port where nobody listens and a key that is not the application's are failures like others."""
    account = service.account()
    with pytest.raises(OutsideFailed, match=r"Vonage cannot be reached \(ConnectError\)"):
        await Vonage(replace(account, video_url="http://127.0.0.1:9")).make(Mode.VIDEO)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = stranger.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(OutsideFailed, match="status 401"):
        await Vonage(replace(account, private_key=pem)).make(Mode.VIDEO)
