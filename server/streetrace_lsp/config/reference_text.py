"""The words around the generated tables of `docs/configuration.md`."""

from __future__ import annotations

from typing import Final

BEFORE_KEYS: Final = """\
# Configuration

<!-- Written by tools/generate-docs from server/streetrace_lsp/config/. Do not edit. -->

A project says in `.streetrace.toml` which models answer in it. You say in your own `config.toml`
what holds where no project says anything. Both have the same keys.

```toml
model = "claude/edit"

[backends.claude]
provider = "anthropic"
api_key = "${ANTHROPIC_API_KEY}"

[backends.claude.models]
edit = "claude-sonnet-4-5"
chat = "claude-haiku-4-5"

[backends.local]
provider = "ollama"
model = "qwen2.5-coder"

[tasks]
explain = "claude/chat"
document = "local"
```

## Which file holds

- The nearest `.streetrace.toml` from the document up to its workspace folder, and none above it.
  One file holds as a whole. A document outside every workspace folder has your own file only. In
  a shell the workspace folder is the file's repository; without one it is the folder that you are
  in, or the one above it that has a configuration of yours.
- Your own file is `config.toml` in `$STREETRACE_CONFIG_DIR`, else in the system's place for
  configuration (`~/.config/streetrace` on Linux, `~/Library/Application Support/streetrace` on
  macOS, `%LOCALAPPDATA%\\streetrace` on Windows).
- Files are looked at again at every action. While a file is broken, the editor shows where, and
  the last form that could be used stays in effect. If there never was one, nothing is asked until
  the file is corrected: a half-read file might have lost its `local_only`.

From strongest to weakest: what you give with an action (`--model`), the model that you switched
to in the editor (remembered for each project), `STREETRACE_MODEL`, `STREETRACE_TEMPERATURE` and
`STREETRACE_MAX_TOKENS`, the trusted project file, the editor's settings, your own file, the
defaults. `streetrace-lsp config show --effective` names the source of each value.

- Limits (`max_tokens`, the timeouts, `[budget]`), `local_only`, `confirm`, `review` and
  `enabled = false` only ever narrow: the strictest wins, wherever it stands. A project can't raise
  what you set.
- In a project's `[budget]`, `day` and `month` are for that project: they lower your `project_day`
  and `project_month`. Your own `day` and `month` hold for everything together.
- A project's `[prices]` never lower a price that you set, under whatever name of the model.
- A backend, an action or a pool of the project replaces yours of the same name as a whole. No
  address of the one is ever combined with a key of the other.
- A project that sets `model` speaks for every task: your own `[tasks]` and `fallbacks` do not hold
  in it.
- Of the editor's settings only `model`, `temperature`, `max_tokens` and the timeouts are taken,
  and the model only where the project is trusted: a repository can bring settings for an editor.
  What the editor marks as your own (under `user`) needs no trust.

The JSON Schema for editors is `docs/streetrace.schema.json`, printed by `streetrace-lsp schema`.

## Targets

A target says who answers. It is split at the first `/`; the rest is taken as it stands.
In this order:

1. `BACKEND/ROLE`: the deployment or the model that the backend has for the role.
2. `BACKEND/MODEL`: that model of the backend.
3. `BACKEND`: the backend's model for the task: the role named like the task, else the role `edit`
   or `chat` by what the task does, else `model`, else the only model there is.
4. `litellm_TARGET`: the same without the prefix. `vllm_MODEL`: the vLLM backend that declares it.
5. `PROVIDER/MODEL`: a provider of the table below, with its key variable.
6. A name alone: at your `OPENAI_BASE_URL` (or `OPENAI_API_BASE`) where it is set, else by family
   (`claude-…`, `gemini-…`, `gpt-…`, `o3`, `codestral` …).

A name of `[pools]` stands for all the targets in it. A backend of the same name goes first, and
a pool can't contain another one.

What stays unclear is reported in the editor and refused.

## Variables

`${NAME}` and `${NAME:-default}` are replaced in addresses (`api_base`, `endpoints`), `api_key` and
`headers`, when a model is asked and not before. A value is not expanded a second time. An empty
variable counts as unset.

A trusted project's `.env`, beside its `.streetrace.toml`, is read as data. Only these names are
taken from it: those that the configuration names, those of the providers it uses, and
`STREETRACE_MODEL`, `STREETRACE_TEMPERATURE` and `STREETRACE_MAX_TOKENS`. What is set in your shell
wins. Network variables (`HTTPS_PROXY`, `SSL_CERT_FILE` …) and paths of credential files are
ignored there. An address from `.env` needs a grant.

## Keys
"""

BEFORE_PROVIDERS: Final = """\
## Providers

Only these are used; each was reviewed for what it executes, downloads and contacts. For every
other OpenAI-compatible server write `provider = "openai"` and `api_base`.
"""

AFTER_PROVIDERS: Final = """\
The first variable that is set is used. `openai` sends `OPENAI_API_KEY` only to OpenAI and to the
address in your own `OPENAI_BASE_URL`; for another address name the key with `api_key`. `ollama`
sends `OLLAMA_API_KEY` only to `https://ollama.com`.

## Problems

Each stands in the editor at the exact place, with what to write instead.

| code | what it means |
|---|---|
| `syntax` | the text is not TOML 1.0 |
| `unknown-key` | there is no such key; it is ignored |
| `wrong-type`, `wrong-value`, `wrong-name`, `missing-key` | the file can't be used like this |
| `literal-key` | a key stands in a project file; it is ignored |
| `readable-key` | a key stands in your own file, which other users can read; it is ignored |
| `user-only` | a project may not set this; it is ignored |
| `unknown-provider` | the provider is not on the reviewed list |
| `unclear-target` | the target means nothing, or more than one thing |
| `unknown-model` | the model is probably misspelt: there is one of nearly that name |
| `no-model` | there are backends, and no `model =` names one |
| `unreachable` | a backend that was tested did not answer (in the editor, until the text changes) |
| `unknown-task` | no action has this name |
| `no-effect` | the key does nothing here |
| `prompt-file` | the file with an action's prompt is missing, or can't be used |
| `two-prompts` | an action has both `prompt` and `prompt_file` |
| `unknown-placeholder` | a `{word}` in a prompt that is no placeholder |
| `bad-address` | an address that can't be used, or none where one is needed |
| `not-local` | the target is elsewhere, and `local_only` holds |
| `two-addresses` | a backend has both `api_base` and a list of `endpoints` |
| `nested-pool`, `same-name` | a pool that contains a pool, or that is called like a backend |
| `no-embeddings` | the backend for searching has no embedding model |
| `not-absolute` | a path that must be absolute |
| `broken-variable`, `unset-variable` | a `${…}` that is none, or that has no value |
| `requires` | the file asks for another version |
| `unreadable`, `outside`, `dotenv` | a file that is not used, with the reason |
"""
