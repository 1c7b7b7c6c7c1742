"""Is it alive, and is it ready: for load balancers and operators."""

from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec

from deskcal.flows.health import readiness
from deskcal.server.context import Here
from deskcal.store.database import Unavailable

NOT_READY = ResponseSpec(dict[str, object], generate_examples=False, description="Something is away.")


@get("/healthz", exclude_from_auth=True)
async def healthz() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "alive"}


@get("/readyz", exclude_from_auth=True, responses={503: NOT_READY})
async def readyz(context: Here) -> Response[dict[str, object]]:
    """Tell whether database, migrations and feed are as they should be."""
    try:
        found = await readiness(context.board)
    except Unavailable:
        found = {"ready": False, "database": "away"}
    return Response(found, status_code=200 if found["ready"] else 503)


ROUTES = (healthz, readyz)
