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
    "azure_endpoint": "api_base",
    "endpoint_url": "api_base",
    "base_urls": "endpoints",
    "endpoint_urls": "endpoints",
    "api_bases": "endpoints",
    "hosts": "endpoints",
    "servers": "endpoints",
    "deployment": "model, or deployments for one of each role",
    "deployment_name": "model, or deployments for one of each role",
    "azure_deployment": "model, or deployments for one of each role",
    "default_deployment": "model",
    "roles": "models",
    "org": "organization",
    "organisation": "organization",
    "organization_id": "organization",
    "version": "api_version",
    "location": "region",
    "aws_region": "region",
    "aws_region_name": "region",
    "vertex_location": "region",
    "vertexai_location": "region",
    "project_id": "project",
    "vertex_project": "project",
    "vertexai_project": "project",
    "aws_profile": "profile",
    "aws_profile_name": "profile",
    "credentials": "credentials_file",
    "vertex_credentials": "credentials_file",
    "google_application_credentials": "credentials_file",
    "embedding": "embedding_model",
    "embeddings": "embedding_model",
    "embed_model": "embedding_model",
    "command": "launch",
    "path": "model_path",
    "tokenizer": "tokenizer_path",
    "extra_headers": "headers",
    "default_headers": "headers",
    "context_window": "context_windows",
    "context_length": "context_windows",
    "context_lengths": "context_windows",
    "max_context": "context_windows",
    "max_model_len": "context_windows",
    "n_ctx": "num_ctx",
    "max_output_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "thinking": "think",
    "litellm_params": "the keys themselves, without that table",
}
_DEPLOYMENT: Final = {
    "endpoint": "api_base",
    "base_url": "api_base",
    "azure_endpoint": "api_base",
    "url": "api_base",
    "key": "api_key",
    "version": "api_version",
    "deployment_name": "deployment",
    "deployment_id": "deployment",
    "azure_deployment": "deployment",
    "name": "deployment",
    "model_name": "model",
}
_TOP: Final = {
    "fallback": "fallbacks",
    "fallback_backends": "fallbacks",
    "fallback_models": "fallbacks",
    "task_model_map": "[tasks]",
    "pool": "[pools]",
    "load_balancing": "[pools]",
    "router_settings": "[pools]",
    "budgets": "[budget]",
    "max_budget": "[budget]",
    "price": "[prices.MODEL]",
    "pricing": "[prices.MODEL]",
    "costs": "[prices.MODEL]",
    "caching": "[cache]",
    "selector": "[model_selector]",
    "embedding_backend": "embedding_backend under [defaults]",
    "default_embedding_backend": "embedding_backend under [defaults]",
    "embedding_model": "embedding_model under [backends.NAME]",
    "context_windows": "context_windows under [backends.NAME]",
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
    "fallbacks": "fallbacks at the top level",
    "default_embedding_backend": "embedding_backend",
    "embeddings": "embedding_backend",
}
_TABLES: Final = {
    "budget": {
        "daily": "day",
        "per_day": "day",
        "monthly": "month",
        "per_month": "month",
        "max_budget": "month",
        "limit": "month",
    },
    "cache": {"time_to_live": "ttl", "seconds": "ttl", "enabled": "ttl"},
    "network": {
        "http_proxy": "proxy",
        "https_proxy": "proxy",
        "ca": "ca_bundle",
        "ca_file": "ca_bundle",
        "ssl_cert_file": "ca_bundle",
        "requests_ca_bundle": "ca_bundle",
        "ssl_verify": "ca_bundle",
        "verify": "ca_bundle",
        "cert": "client_cert",
        "key": "client_key",
    },
}
_PRICE: Final = {
    "input_cost_per_token": "input, in dollars per million tokens",
    "output_cost_per_token": "output, in dollars per million tokens",
    "prompt": "input",
    "completion": "output",
}
_WEIGHT: Final = {"specialisation": "specialization", "context": "context_window", "price": "cost"}
_ACTION: Final = {
    "instruction": "prompt",
    "system_prompt": "prompt",
    "text": "prompt",
    "name": "title",
    "label": "title",
    "description": "title",
    "backend": "model",
    "target": "model",
    "fallback": "fallbacks",
    "fallback_backends": "fallbacks",
    "type": "kind",
    "language": "languages",
    "filetypes": "languages",
}


def other_spelling(path: tuple[str | int, ...], value: object = None) -> str | None:
    """What the key at ``path`` is called here, when it is a spelling from elsewhere."""
    name = str(path[-1]).lower().replace("-", "_")
    if len(path) == 1:
        if name == "backend" and isinstance(value, dict):
            return "[backends.NAME]"
        from .providers import find_provider

        provider = find_provider(name)
        return _TOP.get(name) or (f"[backends.{provider.name}]" if provider else None)
    known = _table(path)
    return known.get(name) if known else None


def _table(path: tuple[str | int, ...]) -> dict[str, str] | None:
    top, depth = str(path[0]), len(path)
    if top == "backends":
        if depth == 5 and path[2] == "deployments":
            return _DEPLOYMENT
        return _BACKEND if depth == 3 else None
    if depth == 3:
        return {"actions": _ACTION, "prices": _PRICE, "model_selector": _WEIGHT}.get(top)
    return _DEFAULTS if top == "defaults" else _TABLES.get(top)
