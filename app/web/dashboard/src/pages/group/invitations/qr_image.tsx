// A QR image as the API draws it.

export function QrImage({ svg, alt }: { svg: string; alt: string }) {
  return <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={alt} />;
}
