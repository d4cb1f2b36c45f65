/** The product's sign. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4353d6" />
      <path d="M10 10l12 12M22 10L10 22" stroke="#fff" strokeWidth="3.6" strokeLinecap="round" />
    </svg>
  );
}
