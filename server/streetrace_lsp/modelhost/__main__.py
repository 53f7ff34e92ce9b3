"""The model host's start: the two pipes are taken out of reach before anything is imported."""

# Only what the interpreter itself has already loaded may be imported above `_take_pipes`.
import os
import sys


def _take_pipes() -> tuple[int, int]:
    """Moves standard input and output to private descriptors; prints go to standard error."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    return incoming, outgoing


def main() -> None:
    """Serves requests until the pipe from the server ends."""
    incoming, outgoing = _take_pipes()
    from streetrace_lsp.modelhost import serve

    serve.run(incoming, outgoing)


if __name__ == "__main__":
    main()
