import { ExternalLink } from '@/ui/external-link';
import { valueOf, type CellProps } from '../field-ui';

/** A link that opens what the value names. */
export function PhoneCell(props: CellProps) {
  const value = valueOf(props);
  if (typeof value !== 'string' || value === '') return null;
  return <ExternalLink href={`tel:${value}`}>{value}</ExternalLink>;
}
