"""The variables of the environment, as settings are read from them."""

from collections.abc import Iterable, Mapping

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from app.config.secret_files import PREFIX, SYSTEMS


class Variables(EnvSettingsSource):
    """GROUPCODE_* variables, of which those of outside systems alone are parts of a setting."""

    def explode_env_vars(
        self, field_name: str, field: FieldInfo, env_vars: Mapping[str, str | None]
    ) -> dict[str, object]:
        """Return the parts of a setting: GROUPCODE_DOCUMENTS_ONLY is none of DOCUMENTS."""
        if field_name not in SYSTEMS:
            return {}
        return super().explode_env_vars(field_name, field, env_vars)


def unreadable_variables(environ: Iterable[tuple[str, str]]) -> list[str]:
    """Return a sentence for each GROUPCODE_* variable that is no text."""
    return [
        f"{name}: is no text in UTF-8."
        for name, value in sorted(environ)
        if name.startswith(PREFIX) and not _is_text(value)
    ]


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # bytes that are none were read as halves of characters
        return False
    return True
