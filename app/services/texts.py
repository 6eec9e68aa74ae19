"""The texts of SMS in the two languages, each short enough for one SMS (70 characters)."""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["zh", "en"]

_TEXTS: Final[Mapping[str, Mapping[Language, str]]] = {
    "verification_code": {
        "zh": "【团体码】验证码 {code},5 分钟内有效,请勿告诉他人。",
        "en": "[Group Code] {code} is your code. Valid 5 min. Tell no one.",
    },
}


def render_sms(template: str, language: str, params: Mapping[str, str]) -> str:
    """The text of a template; Chinese where the language isn't English."""
    texts = _TEXTS[template]
    return texts["en" if language == "en" else "zh"].format_map(params)
