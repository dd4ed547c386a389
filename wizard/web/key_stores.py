"""The page with the commands that put the key file into a secret store, and take it out again. Open without a walk."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from wizard.handover import Connection, file_to_store, store_texts, stores_for, tool_named
from wizard.walk import SET_UP
from wizard.web.company import house
from wizard.web.drawing import draw
from wizard.web.session import load_journey

blueprint = Blueprint("key_stores", __name__)


@blueprint.get("/key-stores")
def key_stores() -> Response:
    """Show the commands of every store, that which the chosen tool reads from first."""
    journey = load_journey()
    tool = tool_named(journey.tool)
    user = journey.login_name or journey.user_name
    connection = Connection(
        account="",
        host="",
        user=user or house().example_service_user,
        key_folder=journey.key_folder,
        encrypted=journey.key_encrypted,
    )
    stores = [(store, store_texts(store, connection, tool)) for store in stores_for(tool)]
    return draw(
        "key_stores.html",
        page_title="Keep the key in a secret store",
        user=user,
        example=connection.user,
        file=file_to_store(connection, tool),
        stores=stores,
        companion=tool.slug if tool else "",
        back=SET_UP.address("handover") if SET_UP.is_open("handover", journey) else "/",
    )
