"""What local model servers print when they can't start, as they spell it, and the fix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Log:
    """One cause: ``outputs`` of several programs or versions, and words of the fix."""

    name: str
    outputs: tuple[str, ...]
    fix: tuple[str, ...]


LOGS = (
    Log(
        "cuda",
        (
            "INFO 04-03 09:29:49 [__init__.py:243] No platform detected\n"
            "RuntimeError: Failed to infer device type\n",
            "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory",
            "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an "
            "NVIDIA GPU and installed a driver",
            "RuntimeError: No CUDA GPUs are available",
            "CUDA driver version is insufficient for CUDA runtime version",
        ),
        ("CUDA", "`nvidia-smi`", "install"),
    ),
    Log(
        "graphics memory",
        (
            "(EngineCore_0 pid=6940) ValueError: Free memory on device (59.32/79.15 GiB) on startup"
            " is less than desired GPU memory utilization (0.9, 71.24 GiB). Decrease GPU memory "
            "utilization or reduce GPU memory used by other processes.",
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB.",
            "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 7000.00 MiB on device 0: "
            "cudaMalloc failed: out of memory",
        ),
        ("memory", "Reduce gpu_memory_utilization", "smaller model"),
    ),
    Log(
        "window",
        (
            "ValueError: The model's max seq len (131072) is larger than the maximum number of "
            "tokens that can be stored in KV cache (79392). Try increasing "
            "`gpu_memory_utilization` or decreasing `max_model_len`.",
            "ValueError: No available memory for the cache blocks. Try increasing "
            "`gpu_memory_utilization` when initializing the engine.",
        ),
        ("--max-model-len", "gpu_memory_utilization"),
    ),
    Log(
        "model files",
        (
            "OSError: /home/me/models/qwen2 does not appear to have a file named config.json.",
            "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or "
            "'namespace/repo_name': '/home/me/models/qwen2'.",
            "gguf_init_from_file: failed to open GGUF file '/home/me/qwen.gguf'\n"
            "llama_model_load: error loading model: llama_model_loader: failed to load model",
        ),
        ("model's files are missing", "absolute path", "model_path"),
    ),
    Log(
        "tokenizer files",
        ("OSError: Can't load tokenizer for '/home/me/tokenizer'. Make sure it is correct",),
        ("tokenizer_path", "absolute path"),
    ),
    Log(
        "port",
        (
            "ERROR: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): "
            "address already in use",
            "srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080",
        ),
        ("port", "{port}"),
    ),
    Log(
        "kind of model",
        (
            "ValueError: Model architectures ['FooForCausalLM'] are not supported for now.",
            "error loading model architecture: unknown model architecture: 'foo'\n"
            "main: exiting due to model loading error: failed to load model",
        ),
        ("kind of model", "Update"),
    ),
    Log(
        "arguments",
        (
            "vllm: error: unrecognized arguments: --max-model-length 4096",
            "error: invalid argument: --max-model-length",
        ),
        ("arguments", "--help"),
    ),
    Log(
        "database",
        (
            "prisma.errors.ClientNotConnectedError\nCan't reach database server at `db`:`5432`",
            'psycopg2.OperationalError: connection to server at "db" (10.0.0.2), port 5432 failed',
        ),
        ("PostgreSQL", "`pg_isready`", "DATABASE_URL"),
    ),
    Log(
        "part missing",
        ("ImportError: Missing dependency No module named 'backoff'.",),
        ("pip install 'litellm[proxy]'",),
    ),
    Log(
        "main memory",
        ("ggml_aligned_malloc: insufficient memory\nstd::bad_alloc",),
        ("memory", "smaller model"),
    ),
    Log(
        "code of its own",
        (
            "INFO config: trust_remote_code=False\nValueError: The repository /home/me/models/foo "
            "contains custom code which must be executed to correctly load the model.",
        ),
        ("code of its own", "Choose a model"),
    ),
    Log(
        "number format",
        ("ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0",),
        ("--dtype=half",),
    ),
)
