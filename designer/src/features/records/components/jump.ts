/** Name of the event that asks the tab of a field to come forward. */
export const showFieldEvent = 'xrm:show-field';

/** Brings a field into view, opening its tab first, and puts the cursor into it. */
export function jumpTo(field: string, target: string): void {
  window.dispatchEvent(new CustomEvent<string>(showFieldEvent, { detail: field }));
  window.setTimeout(() => {
    const element = document.getElementById(target) ?? document.getElementById(`field-${field}`);
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, 60);
}
