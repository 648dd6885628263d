"""Roles: exact addresses only, context before institution."""

import pytest

from lti_tool.lti.roles import known_roles

M = "http://purl.imsglobal.org/vocab/lis/v2/membership"
P = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"


@pytest.mark.parametrize(
    ("addresses", "roles"),
    [
        ([f"{M}#Instructor"], {"tutor"}),
        (["Instructor"], {"tutor"}),
        ([f"{M}#Learner", f"{P}#Student", f"{M}#Mentor"], {"participant", "mentor"}),
        ([f"{P}#Instructor", f"{M}#Learner"], {"participant"}),
        (["https://evil.example/roles#Instructor"], set()),
        ([f"{M}#instructor"], set()),
        ([f"{M}#InstructorAssistant"], set()),
        (["", "#Instructor"], set()),
        ([], set()),
        ([f"{P}#Administrator"], {"admin"}),
    ],
)
def test_only_known_roles_count(addresses: list[str], roles: set[str]) -> None:
    assert known_roles(addresses) == roles
