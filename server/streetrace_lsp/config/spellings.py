"""Keys that people know from elsewhere, and what they are called here."""

from __future__ import annotations

from typing import Final

_BACKEND: Final = {
    "base_url": "api_base",
    "baseurl": "api_base",
    "base": "api_base",
    "endpoint": "api_base",
    "api_base_url": "api_base",
    "api_endpoint": "api_base",
    "url": "api_base",
    "host": "api_base",
    "api_url": "api_base",
    "key": "api_key",
    "apikey": "api_key",
    "token": "api_key",
    "api_key_env": 'api_key = "${VARIABLE}"',
    "api_key_var": 'api_key = "${VARIABLE}"',
    "type": "provider",
    "backend": "provider",
    "deployment": "model",
    "deployment_name": "model",
    "deployments": "models",
    "roles": "models",
    "extra_headers": "headers",
    "default_headers": "headers",
    "context_window": "num_ctx",
    "context_length": "num_ctx",
    "n_ctx": "num_ctx",
    "max_output_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "thinking": "think",
    "litellm_params": "the keys themselves, without that table",
}
_TOP: Final = {
    "backend": "model",
    "default_backend": "model",
    "default_model": "model",
    "llm": "its keys at the top level",
    "global_defaults": "[defaults]",
    "settings": "[defaults]",
    "temperature": "temperature under [defaults]",
    "max_tokens": "max_tokens under [defaults]",
    "timeout": "timeout under [defaults]",
    "model_list": "[backends.NAME]",
    "providers": "[backends.NAME]",
    "models": "models under [backends.NAME]",
    "tools": "[actions.NAME]",
    "commands": "[actions.NAME]",
    "local": "local_only",
    "offline": "local_only",
    "version": "requires",
}
_DEFAULTS: Final = {
    "max_output_tokens": "max_tokens",
    "request_timeout": "timeout",
    "default_backend": "model at the top level",
    "model": "model at the top level",
}
_ACTION: Final = {
    "instruction": "prompt",
    "system_prompt": "prompt",
    "text": "prompt",
    "name": "title",
    "label": "title",
    "description": "title",
    "backend": "model",
    "target": "model",
    "type": "kind",
    "output": "kind",
    "language": "languages",
    "filetypes": "languages",
}


def other_spelling(path: tuple[str | int, ...]) -> str | None:
    """What the key at ``path`` is called here, when it is a spelling from elsewhere."""
    name = str(path[-1]).lower().replace("-", "_")
    if len(path) == 1:
        from .providers import find_provider

        provider = find_provider(name)
        return _TOP.get(name) or (f"[backends.{provider.name}]" if provider else None)
    if path[0] == "backends" and len(path) == 3:
        return _BACKEND.get(name)
    if path[0] == "defaults" and len(path) == 2:
        return _DEFAULTS.get(name)
    if path[0] == "actions" and len(path) == 3:
        return _ACTION.get(name)
    return None
