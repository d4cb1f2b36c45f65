import { NavLink } from 'react-router';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { administrationPath, type AdministrationSection } from '@/lib/paths';
import { Icon } from '@/ui/icon';
import styles from './sidebar.module.css';

const sections: { section: AdministrationSection; icon: string; label: TextKey }[] = [
  { section: 'mails', icon: 'mail', label: 'admin.mails' },
  { section: 'deliveries', icon: 'transfer', label: 'admin.deliveries' },
  { section: 'workflow-runs', icon: 'route', label: 'admin.runs' },
];

/** The pages for administrators. */
export function AdministrationNavigation() {
  const t = useTexts();
  return (
    <ul className={styles.list}>
      {sections.map(({ section, icon, label }) => (
        <li key={section}>
          <NavLink to={administrationPath(section)} className={styles.item ?? ''}>
            <Icon name={icon} size={17} />
            <span className={styles.itemLabel}>{t(label)}</span>
          </NavLink>
        </li>
      ))}
    </ul>
  );
}
