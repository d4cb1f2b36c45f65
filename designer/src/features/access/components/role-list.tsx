import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import type { RoleFile } from '../api/roles';
import styles from './roles.module.css';

interface RoleListProps {
  roles: readonly RoleFile[];
  chosen: RoleFile;
  isChanged(role: RoleFile): boolean;
  /** Number of entities that the role names. */
  grantedOf(role: RoleFile): number;
  onChoose(name: string): void;
}

/** The roles to choose from. */
export function RoleList({ roles, chosen, isChanged, grantedOf, onChoose }: RoleListProps) {
  const t = useTexts();
  return (
    <nav className={styles.roles} aria-label={t('roles.title')}>
      <ul className={styles.plain}>
        {roles.map((role) => (
          <li key={role.name}>
            <button type="button" className={styles.role} aria-current={role === chosen ? 'true' : undefined} onClick={() => onChoose(role.name)}>
              <span className={styles.roleTop}>
                <span className={styles.roleLabel}>{role.label}</span>
                {isChanged(role) ? <Badge color="yellow" label={t('roles.changed')} /> : null}
              </span>
              <span className={styles.faint}>{t(grantedOf(role) === 1 ? 'roles.grants.one' : 'roles.grants.other', { count: grantedOf(role), package: role.package })}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
