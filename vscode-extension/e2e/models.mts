/** A configuration of two models, which `record_chat.py` and `record_models.py` record. */
export const MODELS = `model = "demo/chat"

[backends.demo]
provider = "replay"
recordings = "recordings"

[backends.demo.models]
chat = "quick"
careful = "careful"
`;
