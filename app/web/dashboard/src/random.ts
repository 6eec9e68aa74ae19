// Ids that nobody guesses, also where the page came by plain HTTP (there `randomUUID` is missing).

export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
