import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useModel } from '@/api/application-model';
import type { Action } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { listPath } from '@/lib/paths';
import { colorOf } from '@/ui/color';
import { Icon } from '@/ui/icon';
import { useNarrow } from '@/ui/narrow';
import { HistoryPanel } from '../history/history-panel';
import type { RecordActions } from '../hooks/use-record-actions';
import type { RecordForm } from '../hooks/use-record-form';
import { ActionDialog } from './action-dialog';
import styles from './form.module.css';
import { HeaderFields } from './header-fields';
import { LifecyclePath } from './lifecycle-path';
import { RecordMenu } from './record-menu';
import { SaveButton } from './save-button';

interface FormHeaderProps {
  form: RecordForm;
  actions: RecordActions;
  app: string;
  title: string;
}

function ActionButtons({ form, actions, title }: Omit<FormHeaderProps, 'app'>) {
  const t = useTexts();
  const [asking, setAsking] = useState<Action | null>(null);
  const blocked = form.isDirty ? t('form.saveFirst') : undefined;
  const narrow = useNarrow();
  const [showsHistory, setShowsHistory] = useState(false);
  const hasHistory = !form.isNew && form.entity.features.includes('audit');
  return (
    <div className={styles.actions}>
      {actions.transitions.map((each) => (
        <Button key={each.name} variant="default" disabled={form.isDirty || actions.isRunning} title={blocked} onClick={() => actions.transition(each)}>
          {each.label}
        </Button>
      ))}
      {actions.buttons.map((each) => (
        <Button key={each.name} variant="default" disabled={form.isDirty || actions.isRunning} title={blocked} onClick={() => actions.press(each)}>
          {each.label}
        </Button>
      ))}
      {actions.actions.map((each) => (
        <Button key={each.name} variant="default" disabled={form.isDirty || actions.isRunning} title={blocked ?? each.description} onClick={() => (each.parameters.length > 0 ? setAsking(each) : actions.act(each))}>
          {each.label}
        </Button>
      ))}
      {narrow ? null : <SaveButton form={form} />}
      {hasHistory ? (
        <ActionIcon size="lg" aria-label={t('history.open')} title={t('history.title')} onClick={() => setShowsHistory(true)}>
          <IconHistory size={17} />
        </ActionIcon>
      ) : null}
      {form.id ? <RecordMenu form={form} id={form.id} title={title} onDelete={actions.remove} /> : null}
      {asking ? <ActionDialog entity={form.entity} action={asking} onClose={() => setAsking(null)} onRun={(parameters) => actions.actWith(asking, parameters)} /> : null}
      {hasHistory ? <HistoryPanel form={form} title={title} opened={showsHistory} onClose={() => setShowsHistory(false)} /> : null}
    </div>
  );
}

/** What the record is, where it stands, and what can be done with it. */
export function FormHeader({ form, actions, app, title }: FormHeaderProps) {
  const t = useTexts();
  const model = useModel();
  const { entity } = form;
  const layout = model.form(entity);
  return (
    <header className={styles.header}>
      <div className={styles.crumbs}>
        <Link to={listPath(app, entity.plural)} className={styles.crumb ?? ''}>
          <IconChevronLeft size={14} aria-hidden />
          {entity.pluralLabel}
        </Link>
        <span className={styles.unsaved} role="status">
          {form.isDirty ? t('form.unsaved') : ''}
        </span>
      </div>
      <div className={styles.titleRow}>
        <span className={styles.tile} style={{ color: colorOf(entity.color) }}>
          <Icon name={entity.icon} size={20} />
        </span>
        <h1 className={styles.title}>{title}</h1>
        <ActionButtons form={form} actions={actions} title={title} />
      </div>
      {form.isNew ? null : <HeaderFields form={form} names={layout?.header ?? []} stateField={actions.stateField} />}
      {actions.stateField ? <LifecyclePath field={actions.stateField} form={form} /> : null}
    </header>
  );
}
