"""A host answers: by a link or a code, with one of four answers, and everybody sees it."""

from lti_tool.activities.placement_log.confirming.confirmation import NOT_MINE, WRONG, YES
from tests.integration.placement_log.confirming.bench import HOST, SIGNED, Bench, on_sqlite, text_of
from tests.support.partner_visits import REFLECTION, SHARED


def test_a_host_confirms_by_the_link(bench: Bench) -> None:
    link = bench.link()
    (letter,) = bench.letters()
    for named in ("Amara Okafor", "Thursday 24 September 2026", "Moodle", "Hillside Primary"):
        assert named in letter, named
    (sent,) = (one for one in bench.sink.taken if one.recipients == [HOST])
    assert "Amara" not in sent.message["Subject"]

    page = text_of(bench.get(link))
    for shown in ("Amara Okafor", "Moodle", "How teaching assistants are deployed", SHARED):
        assert shown in page, shown
    assert "a whole day, 08:45 to 15:30" in page and "School culture" in page
    for hidden in (REFLECTION, "short with me", "A meeting of our own"):
        assert hidden not in page
    assert bench.say(link, **SIGNED).status_code == 303

    one = bench.visiting.asked()[0]
    assert (bench.state(), one.answer, one.by) == ("confirmed", YES, "link")
    assert (one.signer_name, one.signer_role) == ("Jo Field", "SENCO")
    assert one.shown and SHARED in one.shown["shared"] and "Amara" not in str(one.shown)
    receipt = text_of(bench.get(link))
    for told in (one.reference, "Yes, this happened", "Jo Field, SENCO", SHARED):
        assert told in receipt
    mine = text_of(bench.visitor.get("placement/visits/1/confirm"))
    assert one.reference in mine and "nothing has changed since" in mine
    bench.work()
    (told,) = bench.letters("amara@example.org")
    assert "has confirmed your visit" in told and "Jo" not in told


def test_a_host_confirms_by_the_code_on_the_phone(bench: Bench) -> None:
    bench.visitor.get("placement/visits/1/confirm")
    assert bench.visitor.post("placement/visits/1/confirm/code").status_code == 303
    page = text_of(bench.visitor.get("placement/visits/1/confirm"))
    code = bench.code_in(page)
    assert "<svg" in page and "style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    assert bench.code_in(text_of(bench.visitor.get("placement/visits/1/confirm"))) == code
    (row,) = bench.rows()["kept"]
    assert code not in str(row) and code.replace("-", "") not in str(row)

    typed = bench.post("/confirm", code=f" {code.lower().replace('-', ' ')} ")
    assert typed.status_code == 303
    one = bench.confirm(typed.headers["Location"])
    assert (bench.state(), one.by, one.guest_id) == ("confirmed", "code", None)
    again = bench.post("/confirm", code=code)
    assert again.status_code == 422, "a code ends with the answer"


@on_sqlite
def test_something_is_wrong(bench: Bench) -> None:
    answer = bench.say(
        bench.link(),
        **{
            "act": WRONG,
            "wrong-reason": "It was the morning only.",
            "wrong-name": "Jo Field",
            "wrong-role": "SENCO",
        },
    )
    assert answer.status_code == 303
    assert (bench.state(), bench.visiting.asked()[0].reason) == (
        "wrong",
        "It was the morning only.",
    )
    assert "It was the morning only." in text_of(bench.visitor.get("placement/visits/1/confirm"))
    bench.work()
    assert "something is wrong" in bench.letters("amara@example.org")[0]


@on_sqlite
def test_not_my_visit_leaves_it_waiting_for_somebody_else(bench: Bench) -> None:
    link = bench.link()
    assert bench.say(link, act=NOT_MINE).status_code == 303
    one = bench.visiting.asked()[0]
    assert (bench.state(), one.answer, one.signature_id) == ("done", NOT_MINE, None)
    assert "Not my visit" in text_of(bench.get(link))
    bench.confirm(bench.link("sam@hillside.sch.uk"))
    assert bench.state() == "confirmed"


def test_passed_to_the_colleague_who_hosted(bench: Bench) -> None:
    first = bench.link()
    passed = {"act": "pass", "pass-name": "Sam Hill", "pass-email": "sam@hillside.sch.uk"}
    assert bench.say(first, **passed).status_code == 303
    assert bench.get(first).status_code == 410
    assert "passed on to the colleague" in text_of(bench.get(first))
    bench.work()
    second = bench.link_in(bench.letters("sam@hillside.sch.uk")[0])
    new, old = bench.visiting.asked()
    assert (new.passed_from_id, old.why_closed) == (old.id, "passed_on")
    bench.confirm(second)
    assert bench.state() == "confirmed"
    assert "passed the question" in bench.letters("amara@example.org")[0]
    assert "confirmation passed on" in bench.acts()


@on_sqlite
def test_passing_on_ends_somewhere(bench: Bench) -> None:
    link = bench.link()
    for turn in range(4):
        who = {"act": "pass", "pass-name": "Sam", "pass-email": f"sam{turn}@hillside.sch.uk"}
        answer = bench.say(link, **who)
        if turn < 3:
            assert answer.status_code == 303
            bench.work()
            link = bench.link_in(bench.letters(f"sam{turn}@hillside.sch.uk")[0])
    assert answer.status_code == 409 and "passed on 3 times" in text_of(answer)
    assert 'value="Sam"' in text_of(answer), "what was typed is still there"
    assert len(bench.visiting.asked()) == 4
    bench.confirm(link)


@on_sqlite
def test_to_oneself_it_is_not_passed(bench: Bench) -> None:
    link = bench.link()
    before = bench.rows()
    answer = bench.say(link, **{"act": "pass", "pass-name": "Jo", "pass-email": HOST.upper()})
    assert answer.status_code == 409 and "colleague’s address" in text_of(answer)
    assert bench.rows() == before


@on_sqlite
def test_what_cannot_be_taken_is_said_at_its_field(bench: Bench) -> None:
    link = bench.link()
    before = bench.rows()
    passed = {"act": "pass", "pass-name": "Sam"}
    for data, said in (
        ({"act": "yes"}, "Enter an answer for “Your name”"),
        ({"act": "wrong", "wrong-name": "Jo", "wrong-role": "SENCO"}, "What is wrong"),
        ({**passed, "pass-email": "sam at hillside"}, "one e-mail"),
        ({**passed, "pass-email": "sám@hillside.sch.uk"}, "one e-mail"),
        ({"act": "yes", "yes-name": "J" * 201, "yes-role": "SENCO"}, "200"),
        ({"act": "maybe"}, "Choose one of the answers."),
        ({}, "Choose one of the answers."),
    ):
        answer = bench.say(link, **data)
        assert answer.status_code == 422 and said in text_of(answer)
        for typed in set(data.values()) - {"yes", "wrong", "pass", "maybe"}:
            assert f'value="{typed}"' in text_of(answer) or len(typed) > 200
    assert bench.rows() == before
