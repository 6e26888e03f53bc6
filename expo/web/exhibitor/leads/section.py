"""The blueprint of the leads; the scanner has another one, because only its pages may use the camera."""

from expo.exhibitors.rules import TeamAction
from expo.web.exhibitor.sections import exhibitor_blueprint

blueprint = exhibitor_blueprint("exhibitor_leads", __name__, "/leads", TeamAction.COLLECT_LEADS)
