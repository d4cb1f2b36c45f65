import { useMediaQuery } from '@mantine/hooks';

/** Whether the page has the width of a phone. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 48rem)', undefined, { getInitialValueInEffect: false }) ?? false;
}
