"""Every setting, read once from `DESKCAL_…` variables by whoever starts a program."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One frozen object, passed on as values."""

    model_config = SettingsConfigDict(env_prefix="DESKCAL_", frozen=True, extra="ignore")

    data_dir: Path = Field(default_factory=lambda: platformdirs.user_data_path("deskcal", appauthor=False))
    """Where the embedded database, its secrets and the address of the running server live."""
    database_url: str | None = None
    """A PostgreSQL 15 to 18 of your own; without it deskcal runs the one that it brings."""
    database_admin_url: str | None = None
    """The same database as a role that may create tables and roles, for migrations; else `database_url`."""
    database_connections: int = Field(default=10, ge=2, le=200)
    """Connections that each server process keeps at most."""
    secret_key: str | None = Field(default=None, min_length=32)
    """Signs access tokens, seals private texts; the same on several machines, else one in the data folder."""
    server_url: str | None = None
    """The server that the desk and the command line talk to; else the one that runs on this data folder."""
    token: str | None = None
    """The token that the desk and the command line show to the server."""
    clinic: str | None = None
    """Id or slug of the clinic to work on; not needed while there is only one."""
    hold_seconds: int = Field(default=120, ge=60, le=120)
    """How long a hold lasts."""
    offer_minutes: int = Field(default=30, ge=5, le=1440)
    """How long a freed time is kept for somebody on the waitlist; never longer than until it begins."""
    plan_minutes: int = Field(default=30, ge=5, le=1440)
    """How long a plan for a sick day keeps the new places; never longer than until they begin."""
    access_token_seconds: int = Field(default=900, ge=60, le=86_400)
    """How long a JWT access token lasts."""
    jitsi_url: str = Field(default="https://meet.jit.si", pattern=r"^https?://\S+$")
    """The Jitsi Meet server where remote appointments meet, unless they meet at Vonage."""
    vonage_application_id: str | None = None
    """The Vonage application whose sessions remote appointments meet in; needs its private key."""
    vonage_private_key: str | None = None
    """The private key of that application, in PEM."""
    vonage_private_key_file: Path | None = None
    """A file with that key instead."""
    vonage_video_url: str = Field(default="https://video.api.vonage.com", pattern=r"^https?://\S+$")
    """Where Vonage's Video API is reached, for voice and video."""
    vonage_conversation_url: str = Field(default="https://api.nexmo.com", pattern=r"^https?://\S+$")
    """Where Vonage's Conversation API is reached, for chat."""
    desk_name: str | None = None
    """What other desks call this one, such as `Desk 2`; else the name of this computer, with a number."""
    desk_theme: str | None = None
    """The theme of the desk; else the one that was chosen there last."""
    desk_marks: Literal["ascii", "unicode"] | None = None
    """What the desk marks states with; without it ASCII, which every terminal draws one column wide."""
