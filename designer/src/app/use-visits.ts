import { useEffect } from 'react';
import { useMatch } from 'react-router';
import { useModel } from '@/api/application-model';
import { rememberRecord } from '@/api/recent-records';

/** Remembers the record whose page is open, for those who look for it again. */
export function useVisits(): void {
  const model = useModel();
  const { plural, id } = useMatch('/:app/:plural/:id')?.params ?? {};
  const entity = model.byPlural(plural)?.name;
  const userId = model.source.user.id;
  useEffect(() => {
    if (entity && id && id !== 'new') rememberRecord(userId, { entity, recordId: id });
  }, [entity, id, userId]);
}
