// The sandbox of the server under test: its clock.

/** Move the server's clock forward by so many seconds. */
export async function pass(url: string, seconds: number): Promise<void> {
  const body = JSON.stringify({ advance_seconds: seconds });
  const moved = await fetch(`${url}/sandbox/clock`, { method: "POST", body });
  if (!moved.ok) throw new Error(await moved.text());
}
