"""Signing in, and the users of a clinic: one method per route."""

from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.people import RefreshRequest, TokenPair, TokenRequest
from deskcal.wire.shape import Page
from deskcal.wire.users import NewUser, PasswordChange, User, UserChange

PAGE = 200


class Access(Calls):
    """Sessions of people, and who may have one."""

    async def sign_in(self, request: TokenRequest) -> TokenPair:
        return await self.call("POST", "/v1/auth/token", TokenPair, body=request)

    async def refresh(self, refresh_token: str) -> TokenPair:
        request = RefreshRequest(refresh_token=refresh_token)
        return await self.call("POST", "/v1/auth/refresh", TokenPair, body=request)

    async def sign_out(self, refresh_token: str) -> None:
        request = RefreshRequest(refresh_token=refresh_token)
        await self.call("POST", "/v1/auth/logout", type(None), body=request)

    async def users(self) -> list[User]:
        """List all users, page after page."""
        page = await self.call("GET", "/v1/users", Page[User], limit=PAGE)
        found = page.items
        while page.next_cursor:
            page = await self.call("GET", "/v1/users", Page[User], limit=PAGE, cursor=page.next_cursor)
            found += page.items
        return found

    async def add_user(self, request: NewUser) -> User:
        return await self.call("POST", "/v1/users", User, body=request)

    async def change_user(self, user_id: UUID, request: UserChange, *, version: int) -> User:
        return await self.call("PATCH", f"/v1/users/{user_id}", User, body=request, version=version)

    async def set_password(self, user_id: UUID, request: PasswordChange) -> User:
        return await self.call("POST", f"/v1/users/{user_id}/password", User, body=request)
