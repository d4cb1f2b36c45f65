import { IconFilter } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import type { GrantedEntity } from '../api/roles';
import { cellOf, filterOf, others, readReports, type CellEdit, type RoleEntities } from '../hooks/rights';
import { useGridFocus } from '../hooks/use-grid-focus';
import { MatrixCell } from './matrix-cell';
import { operationLabel } from './operation-label';
import styles from './roles.module.css';

interface RoleMatrixProps {
  label: string;
  operations: readonly string[];
  rows: readonly GrantedEntity[];
  entities: RoleEntities;
  /** What the role that is compared with grants. */
  compared: RoleEntities | undefined;
  edits: readonly CellEdit[];
  onEdit(edit: CellEdit): void;
}

/** The records to which all rights of a row are limited. */
function RowFilter({ filter }: { filter: string | undefined }) {
  const t = useTexts();
  if (filter === undefined) return null;
  return (
    <span className={styles.filter} title={t('roles.filter', { filter })}>
      <IconFilter size={12} stroke={1.7} aria-hidden />
      <span className={styles.filterText}>{t('roles.filter', { filter })}</span>
    </span>
  );
}

/** What a role grants: a row for each kind of record, a column for each operation. */
export function RoleMatrix({ label, operations, rows, entities, compared, edits, onEdit }: RoleMatrixProps) {
  const t = useTexts();
  const { table, stop, move, visit } = useGridFocus(rows.map((entity) => operations.flatMap((operation, column) => (entity.operations.includes(operation) ? [column] : []))));
  const isChanged = (entity: string, operation: string) => edits.some((each) => each.entity === entity && (each.operation === operation || (operation === 'read' && each.operation === readReports)));
  return (
    <div className={styles.scroll}>
      <table ref={table} role="grid" className={styles.matrix} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              {t('roles.entity')}
            </th>
            {operations.map((operation) => (
              <th key={operation} scope="col">
                {operationLabel(operation, t)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((entity, row) => (
            <tr key={entity.name} data-others={entity.name === others || undefined}>
              <th scope="row">
                {entity.label}
                <RowFilter filter={filterOf(entities, entity.name)} />
              </th>
              {operations.map((operation, column) =>
                entity.operations.includes(operation) ? (
                  <MatrixCell
                    key={operation}
                    entity={entity}
                    operation={operation}
                    cell={cellOf(entities, entity.name, operation)}
                    compared={compared && cellOf(compared, entity.name, operation)}
                    isChanged={isChanged(entity.name, operation)}
                    place={[row, column]}
                    isStop={stop[0] === row && stop[1] === column}
                    onVisit={() => visit(row, column)}
                    onMove={(event) => move(event, row, column)}
                    onEdit={(changed, value) => onEdit({ entity: entity.name, operation: changed, value })}
                  />
                ) : (
                  <td key={operation} className={styles.cell} title={t('roles.notApplicable')}>
                    <span aria-hidden>·</span>
                    <span className={styles.unseen}>{t('roles.notApplicable')}</span>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
