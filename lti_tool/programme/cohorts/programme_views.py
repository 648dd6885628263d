"""The programmes a leader leads: make one, change it, its modules and cohorts."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.queries import list_leader_names
from lti_tool.programme.cohorts import operations as acts
from lti_tool.programme.cohorts.forms import (
    ModuleForm,
    NewModuleForm,
    NewProgrammeForm,
    ProgrammeForm,
)
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.queries import (
    ModuleRead,
    ProgrammeRead,
    find_programme,
    list_cohorts,
    list_cohorts_of,
    list_modules,
)
from lti_tool.programme.cohorts.reach import get_programme, list_led
from lti_tool.programme.cohorts.words import ROUTES
from lti_tool.web.policy import who_may


def _index(
    handle: str, form: NewProgrammeForm | None = None, status: int = 200
) -> ResponseReturnValue:
    visit = visits.current()
    led = list_led(session(), visit)
    here = find_programme(session(), visit.context_id)
    return render_template(
        "cohorts/index.html",
        handle=handle,
        led=led,
        cohorts=list_cohorts_of(session(), [one.id for one in led]),
        here=here,
        leads_here=here is None or here.id in {one.id for one in led},
        leaders=list_leader_names(session(), visit.context_id, visit.registration_id),
        routes=ROUTES,
        form=form or NewProgrammeForm(),
        has_errors=bool(form and form.errors),
    ), status


@blueprint.get("/")
@who_may("leader")
def index(handle: str) -> ResponseReturnValue:
    """The programmes this person leads, with their cohorts."""
    return _index(handle)


@blueprint.post("/")
@who_may("leader")
def make(handle: str) -> ResponseReturnValue:
    """Make a programme."""
    form = NewProgrammeForm(request.form)
    if not form.validate():
        return _index(handle, form, 422)
    values = acts.ProgrammeValues(form.title.data, form.route.data, form.credits.data)
    try:
        made = acts.make_programme(session(), visits.current(), form.key.data, values)
    except acts.NameTaken as error:
        form.problem("key", error.sentence)
        return _index(handle, form, 409)
    return redirect(
        url_for("cohorts.programme", handle=handle, programme_id=made, done="programme-made"), 303
    )


def _page(
    handle: str,
    programme: ProgrammeRead,
    *,
    form: ProgrammeForm | None = None,
    new_module: NewModuleForm | None = None,
    module_forms: dict[int, ModuleForm] | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    modules = list_modules(session(), programme.id)
    given = module_forms or {}
    shown = [form, new_module, *given.values()]
    return render_template(
        "cohorts/programme.html",
        handle=handle,
        programme=programme,
        form=form or ProgrammeForm(obj=programme),
        modules=modules,
        module_forms={
            one.id: given.get(one.id) or ModuleForm(obj=one, prefix=f"m{one.id}-")
            for one in modules
        },
        new_module=new_module or NewModuleForm(prefix="new-"),
        cohorts=list_cohorts(session(), programme.id),
        sentence=sentence,
        has_errors=bool(sentence) or any(one and one.errors for one in shown),
    ), status


@blueprint.get("/programmes/<int:programme_id>")
@who_may("leader")
def programme(handle: str, programme_id: int) -> ResponseReturnValue:
    """One programme: what it is, its modules, its cohorts."""
    return _page(handle, get_programme(session(), visits.current(), programme_id))


def _back(handle: str, programme_id: int, done: str) -> ResponseReturnValue:
    return redirect(
        url_for("cohorts.programme", handle=handle, programme_id=programme_id, done=done), 303
    )


@blueprint.post("/programmes/<int:programme_id>")
@who_may("leader")
def save_programme(handle: str, programme_id: int) -> ResponseReturnValue:
    """Change title, route or credits."""
    visit = visits.current()
    found = get_programme(session(), visit, programme_id)
    form = ProgrammeForm(request.form)
    if not form.validate():
        return _page(handle, found, form=form, status=422)
    values = acts.ProgrammeValues(form.title.data, form.route.data, form.credits.data)
    revision = form.revision.data or 0
    try:
        acts.change_programme(
            session(), config_dir(), found, values, revision=revision, actor_id=visit.person_id
        )
    except acts.RouteClosed as error:
        form.problem("route", error.sentence)
        return _page(handle, found, form=form, status=422)
    except Conflict as error:
        return _page(handle, found, sentence=error.sentence, status=409)
    return _back(handle, programme_id, "programme-saved")


@blueprint.post("/programmes/<int:programme_id>/modules")
@who_may("leader")
def add_module(handle: str, programme_id: int) -> ResponseReturnValue:
    """Add a module."""
    visit = visits.current()
    found = get_programme(session(), visit, programme_id)
    form = NewModuleForm(request.form, prefix="new-")
    if not form.validate():
        return _page(handle, found, new_module=form, status=422)
    try:
        acts.add_module(
            session(),
            found,
            key=form.key.data,
            title=form.title.data,
            credits=form.credits.data,
            actor_id=visit.person_id,
        )
    except acts.NameTaken as error:
        form.problem("key", error.sentence)
        return _page(handle, found, new_module=form, status=409)
    return _back(handle, programme_id, "module-kept")


def _module(programme_id: int, module_id: int) -> ModuleRead:
    found = [one for one in list_modules(session(), programme_id) if one.id == module_id]
    if not found:
        raise NotFound("There is no such module in this programme.")
    return found[0]


@blueprint.post("/programmes/<int:programme_id>/modules/<int:module_id>")
@who_may("leader")
def save_module(handle: str, programme_id: int, module_id: int) -> ResponseReturnValue:
    """Change a module, or take it out of use."""
    visit = visits.current()
    found = get_programme(session(), visit, programme_id)
    module = _module(programme_id, module_id)
    if request.form.get("act") == "remove":
        try:
            acts.remove_module(session(), module, actor_id=visit.person_id)
        except Conflict as error:
            return _page(handle, found, sentence=error.sentence, status=409)
        return _back(handle, programme_id, "module-kept")
    form = ModuleForm(request.form, prefix=f"m{module_id}-")
    if not form.validate():
        return _page(handle, found, module_forms={module_id: form}, status=422)
    acts.change_module(
        session(),
        module,
        title=form.title.data,
        credits=form.credits.data,
        actor_id=visit.person_id,
    )
    return _back(handle, programme_id, "module-kept")
