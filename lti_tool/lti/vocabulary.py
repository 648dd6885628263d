"""The specifications' exact strings, each group with its section.

Constants only, so that the demo platform may share them without sharing code.
"""

# LTI Core 1.3, 5.3 and 5.4: claims
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = CLAIM + "message_type"
VERSION = CLAIM + "version"
DEPLOYMENT_ID = CLAIM + "deployment_id"
TARGET_LINK_URI = CLAIM + "target_link_uri"
RESOURCE_LINK = CLAIM + "resource_link"
ROLES = CLAIM + "roles"
CONTEXT = CLAIM + "context"
CUSTOM = CLAIM + "custom"
LAUNCH_PRESENTATION = CLAIM + "launch_presentation"
LIS = CLAIM + "lis"
TOOL_PLATFORM = CLAIM + "tool_platform"
FOR_USER = CLAIM + "for_user"
LTI_VERSION = "1.3.0"

# LTI Core 1.3, 5.3.1; Deep Linking 2.0, 4.4.2; Submission Review 1.0, 2.1
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"

# Deep Linking 2.0, 4.4.1, 4.5 and 3.2: settings, response and content items
_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DEEP_LINKING_SETTINGS = _DL + "deep_linking_settings"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
CONTENT_ITEMS = _DL + "content_items"
DEEP_LINKING_DATA = _DL + "data"
DEEP_LINKING_MSG = _DL + "msg"
DEEP_LINKING_LOG = _DL + "log"
DEEP_LINKING_ERRORMSG = _DL + "errormsg"
DEEP_LINKING_ERRORLOG = _DL + "errorlog"
LTI_RESOURCE_LINK = "ltiResourceLink"

# LTI Core 1.3, appendix A.2: roles
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION_PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM_PERSON = "http://purl.imsglobal.org/vocab/lis/v2/system/person"

# Assignment and Grade Services 2.0, 3.1: scopes and claim
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPE_LINE_ITEM = _AGS + "lineitem"
SCOPE_LINE_ITEM_READONLY = _AGS + "lineitem.readonly"
SCOPE_RESULT_READONLY = _AGS + "result.readonly"
SCOPE_SCORE = _AGS + "score"

# Assignment and Grade Services 2.0, 3.2 to 3.4: media types
MEDIA_LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
MEDIA_LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
MEDIA_SCORE = "application/vnd.ims.lis.v1.score+json"
MEDIA_RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"

# Assignment and Grade Services 2.0, 3.4.7 and 3.4.8: progress
ACTIVITY_COMPLETED = "Completed"
GRADING_FULLY_GRADED = "FullyGraded"
GRADING_NOT_READY = "NotReady"

# Names and Role Provisioning Services 2.0, 3.1 and 2.2
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
SCOPE_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEDIA_MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

# Security Framework 1.0, 4.1.1: client assertion
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# Dynamic Registration 1.0, 3.1.4 and 3.5: configurations of platform and tool, closing the window
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CLOSE_SUBJECT = "org.imsglobal.lti.close"
