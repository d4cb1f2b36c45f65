import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useModel } from '@/api/application-model';
import type { Entity, View } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { colorOf } from '@/ui/color';
import { Icon } from '@/ui/icon';
import styles from './list.module.css';

interface ViewPickerProps {
  entity: Entity;
  current: View | undefined;
  onPick(name: string): void;
}

/** The shown view as the title of the page; opens the list of the others. */
export function ViewPicker({ entity, current, onPick }: ViewPickerProps) {
  const t = useTexts();
  const views = useModel().viewsOf(entity);
  return (
    <>
      <span className={styles.entityIcon} style={{ color: colorOf(entity.color) }}>
        <Icon name={entity.icon} size={18} />
      </span>
      <Menu width={260}>
        <Menu.Target>
          <button type="button" className={styles.viewButton} aria-label={`${t('list.views')}: ${current?.label ?? entity.pluralLabel}`}>
            <h1 className={styles.viewTitle}>{current?.label ?? entity.pluralLabel}</h1>
            <IconChevronDown size={15} color="var(--x-faint)" aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{entity.pluralLabel}</Menu.Label>
          {views.map((view) => (
            <Menu.Item key={view.name} rightSection={view === current ? <IconCheck size={15} aria-hidden /> : null} onClick={() => onPick(view.name)}>
              {view.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
