/** The variables of the providers that most people use, in the order in which they are offered. */
export const COMMON: readonly (readonly [string, string])[] = [
  ["OPENAI_API_KEY", "OpenAI"],
  ["ANTHROPIC_API_KEY", "Anthropic"],
  ["GEMINI_API_KEY", "Google Gemini"],
  ["AZURE_API_KEY", "Azure OpenAI"],
  ["AZURE_AI_API_KEY", "Azure AI"],
  ["MISTRAL_API_KEY", "Mistral"],
  ["OPENROUTER_API_KEY", "OpenRouter"],
  ["GROQ_API_KEY", "Groq"],
  ["DEEPSEEK_API_KEY", "DeepSeek"],
  ["COHERE_API_KEY", "Cohere"],
  ["LITELLM_PROXY_API_KEY", "LiteLLM proxy"],
];

const SETTING = /(_BASE_URL|_API_BASE|_BASE|_URL|_HOST|_ENDPOINT|_API_VERSION|_REGION|_PROXY)$/i;

/** Whether a name can be a key's variable; the server leaves out others. */
export function isKeyName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name) && !SETTING.test(name);
}

/** Why a text can't be a key, as far as that can be seen; the server checks the rest. */
export function isKeyText(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  return text.trim() !== "" && !/[\u0000-\u001f\u007f]/.test(text.trim());
}
