import { fileOf } from '@/api/files';
import { valueOf, type CellProps } from '../field-ui';
import { FileLink } from './file-link';

/** A link to the file. */
export function FileCell(props: CellProps) {
  const file = fileOf(valueOf(props));
  return file ? <FileLink id={file.id} name={file.name} /> : null;
}
