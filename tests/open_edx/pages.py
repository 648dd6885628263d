"""Pages of the course site: what Studio shows, a way to start, and what arrived.

Beside them stand Open edX's own addresses, unchanged. Imported by Django once it is set up.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import include, path
from lti_consumer import api
from lti_consumer.data import Lti1p3LaunchData
from lti_consumer.models import LtiAgsLineItem, LtiAgsScore, LtiConfiguration, LtiDlContentItem

from tests.open_edx import lms


def signed_in(get_response: Any) -> Any:
    """Who asks, by a cookie that `start` sets: the course site's own session, much shortened."""

    def middleware(request: Any) -> Any:
        request.user = AnonymousUser()
        person = lms.PEOPLE.get(request.COOKIES.get("signed_in", ""))
        if person is not None:
            request.user.role = person["role"]
        return get_response(request)

    return middleware


def _configuration(block: str) -> Any:

    return LtiConfiguration.objects.get(location=lms.usage_key(block))


def _launch_data(block: str, who: str) -> Any:

    person = lms.PEOPLE[who]
    return Lti1p3LaunchData(
        user_id=person["id"],
        external_user_id=person["external_id"],
        user_role=person["role"],
        name=person["name"],
        email=person["email"],
        config_id=str(_configuration(block).config_id),
        resource_link_id=lms.usage_key(block),
        launch_presentation_document_target="iframe",
        context_id=lms.COURSE,
        context_type=["course_offering"],
        context_title=lms.COURSE_TITLE,
        context_label="SENCO",
        custom_parameters={} if block == "chosen" else {"activity": "provision-map-audit"},
    )


def set_up_page(request: Any) -> Any:
    """What Studio shows whoever sets the tool up."""
    shown = api.get_lti_1p3_launch_info(_launch_data("declared", "helen"))
    return JsonResponse({**shown, "issuer": settings.LTI_API_BASE})


def start(request: Any) -> Any:
    """Open a block as somebody, or begin to choose what it holds: on to the tool's login."""
    who, data = request.GET["who"], _launch_data(request.GET["block"], request.GET["who"])
    if request.GET.get("choose"):
        url = api.get_lti_1p3_launch_start_url(data, deep_link_launch=True)
    else:
        url = api.get_lti_1p3_content_url(data)
    answer = HttpResponseRedirect(url)
    answer.set_cookie("signed_in", who)
    return answer


def arrived(request: Any) -> Any:
    """Columns, scores, grades and chosen items, as the consumer keeps them."""
    columns = LtiAgsLineItem.objects.order_by("pk")
    return JsonResponse(
        {
            "columns": [
                {
                    "block": str(one.lti_configuration.location),
                    "link": str(one.resource_link_id),
                    "resource_id": one.resource_id,
                    "maximum": one.score_maximum,
                    "label": one.label,
                    "tag": one.tag,
                }
                for one in columns
            ],
            "scores": [
                {
                    "block": str(one.line_item.lti_configuration.location),
                    "user": one.user_id,
                    "given": one.score_given,
                    "maximum": one.score_maximum,
                    "comment": one.comment,
                    "activity_progress": one.activity_progress,
                    "grading_progress": one.grading_progress,
                    "timestamp": one.timestamp.isoformat(),
                }
                for one in LtiAgsScore.objects.order_by("pk")
            ],
            "grades": lms.GRADES,
            "items": [one.attributes for one in LtiDlContentItem.objects.order_by("pk")],
        }
    )


urlpatterns = [
    path("set-up", set_up_page),
    path("start", start),
    path("arrived", arrived),
    path("api/", include("lti_consumer.plugin.urls", namespace="lti_consumer")),
]
