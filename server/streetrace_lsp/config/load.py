"""The configuration for a document, kept and made anew only when something of it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .configuration import Configuration, Project
from .dotenv import DOTENV_NAME
from .editor_keys import EditorKeys, Stored
from .editor_settings import EditorSettings, editor_settings
from .find import find_config, fingerprint
from .keyring import KeyStore
from .layer import Layer, LayerFile
from .trust import TrustStore
from .variables import Variables

if TYPE_CHECKING:
    from .assemble import Parts

__all__ = ["Configuration", "ConfigurationSource", "Project", "load"]

USER_CONFIG_NAME: Final = "config.toml"
_OVERRIDES: Final = ("STREETRACE_MODEL", "STREETRACE_TEMPERATURE", "STREETRACE_MAX_TOKENS")
_MOST_KEPT: Final = 64

_Key = tuple[Path | None, Path | None]


def load(
    document: Path | None,
    root: Path | None,
    *,
    environ: Mapping[str, str],
    user_dir: Path,
    state_dir: Path,
    switched: str | None = None,
    editor: Mapping[str, Any] | None = None,
) -> Configuration:
    """The configuration for ``document`` in the workspace folder ``root``, read once.

    All paths are absolute. ``switched`` and ``editor`` as in `ConfigurationSource.load`. Never
    raises for what a file holds: see ``problems`` and ``fault``.
    """
    source = ConfigurationSource(environ=environ, user_dir=user_dir, state_dir=state_dir)
    return source.load(document, root, switched=switched, editor=editor)


@dataclass(frozen=True)
class _Kept:
    """A configuration, the state of everything it was made of, and the `.env` it has used."""

    made_of: tuple[object, ...]
    configuration: Configuration
    dotenv: Path | None


class ConfigurationSource:
    """Gives the configuration for documents; asking again costs a few stats.

    ``store`` is the trust store it goes by. Not for several threads at once.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        user_dir: Path,
        state_dir: Path,
        editor_keys: EditorKeys | None = None,
    ) -> None:
        self.store = TrustStore(state_dir)
        self._environ = environ
        self._keys = KeyStore(user_dir)
        self._editor_keys = editor_keys
        self._user = LayerFile(user_dir / USER_CONFIG_NAME, from_project=False)
        self._projects: dict[Path, LayerFile] = {}
        self._kept: dict[_Key, _Kept] = {}

    def load(
        self,
        document: Path | None,
        root: Path | None,
        *,
        switched: str | None = None,
        editor: Mapping[str, Any] | None = None,
    ) -> Configuration:
        """The configuration for ``document`` in the workspace folder ``root``, as of now.

        ``switched``: the target that the person switched to here, see `switch.SwitchStore`.
        ``editor``: the settings that the editor sent, see `editor_settings`.
        """
        sent = editor_settings(editor)
        path = find_config(document, root)
        project = self._project_file(path) if path else None
        kept = self._kept.get((path, root))
        files = (
            self._user.refresh(),
            project.refresh() if project else 0,
            self.store.refresh(),
            self._keys.refresh(),
            self._editor_keys.version if self._editor_keys is not None else 0,
            tuple(self._environ.get(name) for name in _OVERRIDES),
            switched,
            sent,
        )
        if kept is not None and kept.made_of == (*files, _stamp(kept.dotenv)):
            return kept.configuration
        configuration, dotenv = self._make(project, root, switched, sent)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[path, root] = _Kept((*files, _stamp(dotenv)), configuration, dotenv)
        return configuration

    def draft(
        self,
        path: Path,
        text: str,
        root: Path | None,
        *,
        switched: str | None = None,
        editor: Mapping[str, Any] | None = None,
    ) -> Configuration:
        """The configuration as it would be if the file ``path`` held ``text``: to look at.

        Nobody may be asked because of it: what a person types is trusted as far as the file that
        they type in. ``path`` is the user's own file, or a project's in the folder ``root``.
        """
        self._user.refresh()
        self.store.refresh()
        self._keys.refresh()
        sent = editor_settings(editor)
        if path == self._user.path:
            parts = self._parts(self._user.draft(text), None, None, switched, sent)
            return self._assembled(parts)
        file = self._project_file(path)
        file.refresh()
        parts = self._parts(self._user.layer(), file.draft(text), root, switched, sent)
        return self._assembled(replace(parts, stands=file.layer()))

    @property
    def variables(self) -> Variables:
        """The user's own variables, and the keys that they stored: in the editor first."""
        self._keys.refresh()
        keys = self._editor_keys
        if keys is None:
            return Variables(self._environ, stored=self._keys)
        return Variables(
            self._environ, stored=Stored(keys, self._keys), in_editor=True, editor=keys
        )

    @property
    def user_path(self) -> Path:
        """The user's own file, whether it exists or not."""
        return self._user.path

    def _project_file(self, path: Path) -> LayerFile:
        if path not in self._projects:
            self._projects[path] = LayerFile(path, from_project=True)
        return self._projects[path]

    def _make(
        self,
        file: LayerFile | None,
        root: Path | None,
        switched: str | None,
        editor: EditorSettings,
    ) -> tuple[Configuration, Path | None]:
        layer = file.layer() if file else None
        configuration = self._assembled(
            self._parts(self._user.layer(), layer, root, switched, editor)
        )
        project = configuration.project
        trusted = project is not None and project.status == "trusted"
        return configuration, project.path.parent / DOTENV_NAME if trusted and project else None

    def _parts(
        self,
        user: Layer | None,
        project: Layer | None,
        root: Path | None,
        switched: str | None,
        editor: EditorSettings,
    ) -> Parts:
        from .assemble import Parts

        return Parts(
            user_path=self._user.path,
            user=user,
            project=project,
            root=root,
            state=self.store.read(),
            variables=self.variables,
            switched=switched,
            editor=editor,
        )

    def _assembled(self, parts: Parts) -> Configuration:
        from .assemble import assemble

        return assemble(parts)


def _stamp(path: Path | None) -> object:
    return fingerprint(path) if path is not None else None
