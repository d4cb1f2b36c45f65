import { notifications } from '@mantine/notifications';
import type { RuleNote } from '@/fields/rules';

/** Time in which a warning can be read, in milliseconds. */
const readingTime = 10_000;

/** Tells what the server had to say about a record that was saved. */
export function showNotes(notes: RuleNote[]): void {
  for (const { kind, message } of notes) notifications.show({ message, color: kind === 'info' ? 'blue' : 'yellow', autoClose: readingTime });
}
