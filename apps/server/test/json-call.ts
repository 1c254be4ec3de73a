/** One call of the JSON gateway, as any HTTP client makes it. */

export interface JsonAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function jsonCall(
  url: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } };
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
