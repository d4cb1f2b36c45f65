import { Anchor } from '@mantine/core';
import { use } from 'react';
import { Link, useParams } from 'react-router';
import { recordPath } from '@/lib/paths';
import { PlainLinks } from '@/ui/plain-links';
import type { Reference } from './lookup/reference';

/** A record's name, which opens it. */
export function RecordLink({ reference }: { reference: Reference }) {
  const { app } = useParams();
  const plain = use(PlainLinks);
  if (plain || !app || !reference.entity) return <>{reference.name}</>;
  return (
    <Anchor inherit component={Link} to={recordPath(app, reference.entity.plural, reference.id)} onClick={(event) => event.stopPropagation()}>
      {reference.name}
    </Anchor>
  );
}
