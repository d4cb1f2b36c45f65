import { Anchor } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { recordPath } from '@/lib/paths';
import type { Reference } from './lookup/reference';

/** A record's name, which opens it. */
export function RecordLink({ reference }: { reference: Reference }) {
  const { app } = useParams();
  if (!app || !reference.entity) return <>{reference.name}</>;
  return (
    <Anchor inherit component={Link} to={recordPath(app, reference.entity.plural, reference.id)} onClick={(event) => event.stopPropagation()}>
      {reference.name}
    </Anchor>
  );
}
