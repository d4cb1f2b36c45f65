import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { useModel } from '@/api/application-model';
import { recordPath } from '@/lib/paths';
import styles from './fields.module.css';

interface RecordNameProps {
  entity: string;
  id: string;
  name: string | undefined;
}

/** A record that background work is about; opens it in an app that shows such records. */
export function RecordName({ entity: entityName, id, name }: RecordNameProps) {
  const model = useModel();
  const entity = model.entity(entityName);
  const app = model.appOf(entityName);
  const text = name ?? id;
  return (
    <span title={`${entity?.label ?? entityName}: ${text}`}>
      <span className={styles.recordKind}>{entity?.label ?? entityName}</span>{' '}
      {entity && app ? (
        <Anchor inherit underline="always" component={Link} to={recordPath(app.name, entity.plural, id)}>
          {text}
        </Anchor>
      ) : (
        text
      )}
    </span>
  );
}
