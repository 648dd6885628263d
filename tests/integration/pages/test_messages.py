"""The page on which people choose their messages."""

import re

from sqlalchemy import select

from lti_tool.mail.models import MailChoice, Message
from lti_tool.mail.outbox import HANDED_IN, TAKEN_BACK
from tests.integration.pages import work
from tests.support.visiting import Visitor, World


def _text(visitor: Visitor, path: str = "messages/") -> str:
    return visitor.get(path).get_data(as_text=True)


def _ticked(text: str) -> list[str]:
    return re.findall(r'value="(\w+)" id="wanted-\w+" checked', text)


def test_every_kind_is_wanted_until_somebody_says_otherwise(world: World) -> None:
    visitor = world.let_in("5", "participant", email="amara@example.org")
    first = _ticked(_text(visitor))
    assert HANDED_IN in first and len(first) == 15 and "delivery_needs_person" not in first
    kept = visitor.post("messages/", {"wanted": ["due_soon", "delivery_needs_person", "nonsense"]})
    assert kept.status_code == 303
    assert _ticked(_text(visitor, "messages/?done=messages-kept")) == ["due_soon"]
    with world.database.read() as session:
        kinds = set(session.scalars(select(MailChoice.kind)))
    assert kinds == set(first), "only what was offered is kept"
    visitor.post("messages/", {"wanted": first})
    assert _ticked(_text(visitor)) == first


def test_a_tutor_chooses_for_themselves(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    own = [
        *("delivery_needs_person", "tutorial_to_confirm", "tutorial_wrong", "mentor_question"),
        *("leader_asked", "leader_answered"),
    ]
    assert _ticked(_text(tutor)) == own
    participant = world.let_in("5", "participant")
    tutor.post("messages/", {})
    assert _ticked(_text(tutor)) == [] and len(_ticked(_text(participant))) == 15


def test_the_page_says_where_messages_go_or_why_none_do(world: World) -> None:
    hidden = world.let_in("5", "participant")
    assert "not set up to send e-mail" in _text(hidden)
    object.__setattr__(world.settings, "mail_url", "file:///nowhere")
    assert "does not share your e-mail address" in _text(hidden)
    shown = world.let_in("6", "participant", email="amara@example.org")
    assert "<strong>amara@example.org</strong>" in _text(shown)


def test_every_page_of_a_visit_leads_there(world: World) -> None:
    visitor = world.let_in("5", "participant")
    assert f'href="{visitor.url("messages/")}"' in _text(visitor, "audit/")


def test_handing_in_and_taking_back_promise_a_message_each(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    work.hand_in(visitor)
    assert visitor.post("audit/take-back", {}).status_code == 303
    work.hand_in(visitor)
    with world.database.read() as session:
        kinds = list(session.scalars(select(Message.kind).order_by(Message.id)))
    assert kinds == [HANDED_IN, TAKEN_BACK, HANDED_IN]
