import { ExternalLink } from '@/ui/external-link';
import { valueOf, type CellProps } from '../field-ui';

/** A link that opens what the value names. */
export function EmailCell(props: CellProps) {
  const value = valueOf(props);
  if (typeof value !== 'string' || value === '') return null;
  return <ExternalLink href={`mailto:${value}`}>{value}</ExternalLink>;
}
