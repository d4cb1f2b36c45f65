import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate } from 'react-router';
import { useApi } from '@/api/api-context';
import type { Entity } from '@/api/model';
import { settingsQuery } from '@/api/settings';
import { recordPath } from '@/lib/paths';
import { RecordFormSkeleton } from './record-form-skeleton';

/** Opens the form of an entity's one record. */
export function OnlyRecord({ entity, app, missing }: { entity: Entity; app: string; missing: ReactNode }) {
  const settings = useQuery(settingsQuery(useApi(), entity));
  if (settings.isPending) return <RecordFormSkeleton />;
  return settings.data ? <Navigate to={recordPath(app, entity.plural, settings.data.id)} replace /> : missing;
}
