"""The one door to PyLTI1p3. Step 4 of a launch: is the message what it claims to be?

PyLTI1p3 2.0.0 carries the message and its validators; what it leaves open is closed here by
overriding its steps: state and nonce are one, used up at once; RS256 only; required claims;
60 s of leeway; audience and azp; our key sets; types of nested claims. The order is: format,
registration, signature, state and nonce, deployment, claims.
"""

from typing import Any

from pylti1p3.cookie import CookieService
from pylti1p3.exception import LtiException
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfAbstract

from lti_tool.core.identifiers import same
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.deep_linking import with_settings
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.id_token import check_signature, check_times, read_token
from lti_tool.lti.key_sets import find_keys
from lti_tool.lti.login_registration import find_of_state, must_be_open
from lti_tool.lti.messages import (
    LaunchMessage,
    check_message,
    check_subject,
    identifier,
    is_choosing,
    read_message,
    way_back,
)
from lti_tool.lti.reviews import is_review
from lti_tool.lti.states import State, nonce_of, unseal
from lti_tool.lti.storage import check_browser
from lti_tool.settings import Settings
from lti_tool.web.logs import carry


class _Form(Request):  # type: ignore[misc]
    """The posted form, as PyLTI1p3 asks for it."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields

    @property
    def session(self) -> dict[str, Any]:
        return {}

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        return self.fields.get(key, "")


class _NoCookies(CookieService):  # type: ignore[misc]
    """PyLTI1p3 neither reads nor sets cookies here; `oidc.py` does that."""

    def get_cookie(self, name: str) -> None:
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        raise AssertionError("PyLTI1p3 sets no cookies here")


class _NoStorage(LaunchDataStorage):  # type: ignore[misc]
    """PyLTI1p3 keeps nothing: a visit is kept instead."""

    def can_set_keys_expiration(self) -> bool:
        return False

    def get_value(self, key: str) -> None:
        return None

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        return None

    def check_value(self, key: str) -> bool:
        return False


class _OneRegistration(ToolConfAbstract):  # type: ignore[misc]
    """The registration that the state names, and no other."""

    def check_iss_has_one_client(self, iss: str) -> bool:
        return False

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> None:
        return None

    def find_registration_by_params(self, iss: str, client_id: str, *a: Any, **k: Any) -> None:
        return None

    def find_deployment(self, iss: str, deployment_id: str) -> None:
        return None

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> None:
        return None


class Launch(MessageLaunch):  # type: ignore[misc]
    """A message launch whose every step is ours or checked by us."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        fields: dict[str, str],
        cookies: dict[str, str],
    ) -> None:
        request = _Form(fields)
        service = SessionService(request)
        service.set_data_storage(_NoStorage())
        super().__init__(
            request,
            _OneRegistration(),
            service,
            _NoCookies(),
            requests_session=object(),
        )
        self._database = database
        self._settings = settings
        self._cookies = cookies
        self._unreadable: LaunchRefused | None = None
        self._deployment_row = 0
        self.is_signed = False
        """Whether the platform said this, whatever else is wrong with it."""
        self.message: LaunchMessage
        self.state: State
        self.found: AnyRow
        self.registration_id: int | None = None

    def _get_request_param(self, key: str) -> str:
        return str(self._request.get_param(key))

    def validate(self) -> "Launch":
        """All steps in our order; only a launch that passed the last one has claims."""
        self._read()
        self.validate_state()
        self.validate_jwt_format()
        self.validate_registration()
        self.validate_jwt_signature()
        self.validate_nonce()
        self.validate_deployment()
        self._validated = True
        self.validate_message()
        return self

    @property
    def claims(self) -> dict[str, Any]:
        """The payload as read; proved only once `validate` has ended."""
        return dict(self._jwt["body"])

    def validate_state(self) -> "Launch":
        """The state was given by us, is fresh, and came back in the browser it was given to."""
        sealed = self._get_request_param("state")
        if not sealed:
            raise LaunchRefused("state_missing")
        state = unseal(self._settings.secret_key, sealed)
        if state is None:
            raise LaunchRefused("state_unknown")
        self.state = state
        carry(launch=state.reference)
        self.found = find_of_state(self._database, state, self._named_deployment())
        if self.found is None:
            raise LaunchRefused("state_unknown")
        self.registration_id = state.registration_id
        stored = self._get_request_param("storage_value")
        cookie = self._cookies.get(state.reference)
        check_browser(state, self.found.auth_login_url, cookie, stored or None)
        return self

    def _read(self) -> None:
        """Read the token before anything is known of it; what is wrong is said in its turn."""
        try:
            token = self._get_request_param("id_token")
            self._jwt["header"], self._jwt["body"] = read_token(token)
        except LaunchRefused as refused:
            self._unreadable = refused

    def _deployment_id(self) -> str:
        return identifier(self.claims, v.DEPLOYMENT_ID, "deployment_id")

    def _named_deployment(self) -> str:
        """The deployment that is to be looked for; nothing where it cannot be read, which is said
        in its turn."""
        try:
            return "" if self._unreadable else self._deployment_id()
        except LaunchRefused:
            return ""

    def validate_jwt_format(self) -> "Launch":
        """Three parts, two JSON objects, a signing algorithm we accept and a key id."""
        if self._unreadable is not None:
            raise self._unreadable
        return self

    def validate_registration(self) -> "Launch":
        """The message is of the registration its login began with, which is open."""
        found, claims = self.found, self.claims
        must_be_open(found)
        if claims.get("iss") is None or claims.get("aud") is None:
            raise LaunchRefused("claim_missing", "iss or aud")
        if claims["iss"] != found.issuer:
            raise LaunchRefused("token_issuer")
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if not audiences or any(audience != found.client_id for audience in audiences):
            raise LaunchRefused("token_audience")
        azp = claims.get("azp")
        if (azp is None and len(audiences) > 1) or (azp is not None and azp != found.client_id):
            raise LaunchRefused("token_audience", "azp")
        return self

    def validate_jwt_signature(self) -> "Launch":
        """Signed with a key the platform publishes under this id, and in time."""
        check_times(self.claims)
        keys = find_keys(
            self._database,
            self._settings,
            self.state.registration_id,
            self.found.jwks_url,
            self._jwt["header"]["kid"],
        )
        check_signature(self._get_id_token(), keys)
        self.is_signed = True
        return self

    def validate_nonce(self) -> "Launch":
        """The nonce belongs to this very state."""
        nonce = self.claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise LaunchRefused("nonce_missing")
        if not same(nonce, nonce_of(self._get_request_param("state"))):
            raise LaunchRefused("nonce_mismatch")
        return self

    def validate_deployment(self) -> "Launch":
        """The deployment is one of this registration, switched on, and the one of the login."""
        found = self.found
        if not self.state.fits_deployment(self._deployment_id()):
            raise LaunchRefused("deployment_mismatch")
        if found.deployment_row is None:
            raise LaunchRefused("deployment_unknown")
        if not found.deployment_enabled:
            raise LaunchRefused("deployment_disabled")
        self._deployment_row = found.deployment_row
        return self

    def validate_message(self) -> "Launch":
        """Our own checks first, since PyLTI1p3's validators trust the types they meet.

        The message is proved by now, so a refusal may show the platform's way back.
        """
        try:
            return self._check_and_read()
        except LaunchRefused as refused:
            refused.return_url = way_back(self.claims)
            sub = self.claims.get("sub")
            if isinstance(sub, str) and len(sub) <= 255 and "\x00" not in sub:
                refused.person = (self.found.platform_id, sub)
            raise

    def _check_and_read(self) -> "Launch":
        check_message(self.claims, self._settings.base_url)
        check_subject(self.claims)
        self.message = read_message(
            self.claims,
            registration_id=self.state.registration_id,
            platform_id=self.found.platform_id,
            deployment_id=self._deployment_row,
            base_url=self._settings.base_url,
        )
        if is_choosing(self.claims):
            # PyLTI1p3 asks more of these messages than the specification does, and less.
            self.message = with_settings(self.message, self.claims, self._settings, self.found)
            return self
        if not is_review(self.claims):  # PyLTI1p3 knows no review without a person
            self._ask_their_validators()
        return self

    def _ask_their_validators(self) -> None:
        try:
            super().validate_message()
        except LtiException as error:
            raise LaunchRefused("claim_unusable", type(error).__name__) from None
