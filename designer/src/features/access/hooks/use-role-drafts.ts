import { useState } from 'react';
import { ApiError } from '@/api/client';
import { usePublish } from '@/api/use-publish';
import { withProperty } from '@/lib/json-text';
import { useTexts } from '@/lib/i18n/text';
import type { RoleFile } from '../api/roles';
import { addEdit, entitiesOf, withEdits, type CellEdit, type RoleEntities } from './rights';

function keyOf({ package: name, path }: RoleFile): string {
  return `${name}/${path}`;
}

/** Changes of roles that are not published yet. They are kept as changes, so that they can be laid over a newer version. */
export function useRoleDrafts() {
  const t = useTexts();
  const [edits, setEdits] = useState<Record<string, CellEdit[]>>({});
  const [published, setPublished] = useState<RoleFile | null>(null);
  const forget = (file: RoleFile | null) => file && setEdits((current) => ({ ...current, [keyOf(file)]: [] }));
  const { publish, isPublishing, error, problems, failure, reset } = usePublish(() => forget(published));
  const editsOf = (file: RoleFile) => edits[keyOf(file)] ?? [];
  return {
    editsOf,
    entitiesOf: (file: RoleFile): RoleEntities => withEdits(entitiesOf(file.text), editsOf(file)),
    edit: (file: RoleFile, edit: CellEdit) => setEdits((current) => ({ ...current, [keyOf(file)]: addEdit(entitiesOf(file.text), current[keyOf(file)] ?? [], edit) })),
    discard: (file: RoleFile) => {
      reset();
      forget(file);
    },
    publish: (file: RoleFile) => {
      setPublished(file);
      publish({
        package: file.package,
        change: (files) => {
          const text = files[file.path] ?? file.text;
          return { [file.path]: withProperty(text, 'entities', withEdits(entitiesOf(text), editsOf(file))) };
        },
        done: t('roles.published', { name: file.label }),
      });
    },
    isPublishing,
    isDirty: Object.values(edits).some((each) => each.length > 0),
    problems: error instanceof ApiError && error.code === 'version_conflict' ? [t('roles.conflict')] : failure ? [failure] : problems.map(({ message, remedy }) => `${message} ${remedy}`),
  };
}

/** What {@link useRoleDrafts} answers. */
export type RoleDrafts = ReturnType<typeof useRoleDrafts>;
