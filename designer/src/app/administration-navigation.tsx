import { NavLink } from 'react-router';
import { Icon } from '@/ui/icon';
import styles from './sidebar.module.css';
import { useAdministrationPages } from './use-administration-pages';

/** The pages for administrators. */
export function AdministrationNavigation() {
  return (
    <ul className={styles.list}>
      {useAdministrationPages().map(({ path, icon, label, end }) => (
        <li key={path}>
          <NavLink to={path} end={end} className={styles.item ?? ''}>
            <Icon name={icon} size={17} />
            <span className={styles.itemLabel}>{label}</span>
          </NavLink>
        </li>
      ))}
    </ul>
  );
}
