import {
  type ColumnDef, type RowData, type RowSelectionState, type SortingState, flexRender, getCoreRowModel, useReactTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'preact/hooks';

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Width as CSS grid has it. */
    width?: string;
    /** Shown only where there is much room, or some. */
    room?: 'wide' | 'medium';
  }
}

/** Height of a row in rem, as the style has it. */
const ROW = 3.2;

interface Props<T> {
  label: string;
  rows: T[];
  columns: ColumnDef<T, any>[];
  id: (row: T) => string;
  /** What is searched in, in lower case. */
  text: (row: T) => string;
  search: string;
  selection?: 'one' | 'many';
  selected?: RowSelectionState;
  onSelect?: (selected: RowSelectionState) => void;
  /** How a row is called in the label of its checkbox. */
  name?: (row: T) => string;
  empty: string;
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * A table that shows only the rows in sight, and has TanStack Table know no others: making twenty thousand of its rows would keep
 * the page from answering while one types.
 */
export function DataTable<T>(props: Props<T>) {
  const { rows, columns, id, text, selection, selected = {}, onSelect } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const texts = useMemo(() => rows.map(text), [rows]);
  const found = useMemo(() => {
    const wanted = props.search.trim().toLowerCase();
    return wanted ? rows.filter((_, index) => texts[index]?.includes(wanted)) : rows;
  }, [rows, texts, props.search]);
  const sorted = useMemo(() => inOrder(found, columns, sorting), [found, columns, sorting]);
  const scroller = useRef<HTMLDivElement>(null);
  const rem = useMemo(() => parseFloat(getComputedStyle(document.documentElement).fontSize), []);
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => ROW * rem, overscan: 6 });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  const seen = useMemo(() => sorted.slice(first, last), [sorted, first, last]);
  const table = useReactTable({
    data: seen,
    columns,
    getRowId: id,
    state: { sorting, rowSelection: selected },
    onSortingChange: setSorting,
    enableRowSelection: selection !== undefined,
    enableMultiRowSelection: selection === 'many',
    onRowSelectionChange: (update) => onSelect?.(typeof update === 'function' ? update(selected) : update),
    manualSorting: true,
    getCoreRowModel: getCoreRowModel(),
  });
  const shown = table.getRowModel().rows;
  const everyOne = selection === 'many' && sorted.length > 0 && sorted.every((row) => selected[id(row)]);
  const widths = (left: (string | undefined)[]) =>
    [...(selection ? ['2.5rem'] : []), ...columns.filter(({ meta }) => !left.includes(meta?.room ?? 'any')).map(({ meta }) => meta?.width ?? 'minmax(0, 1fr)')].join(' ');
  const style = { '--columns': widths([]), '--medium-columns': widths(['wide']), '--narrow-columns': widths(['wide', 'medium']) };
  return (
    <div class="table" role="table" aria-label={props.label} aria-rowcount={sorted.length + 1} style={style}>
      <div role="rowgroup">
        {table.getHeaderGroups().map((group) => (
          <div role="row" class="row head" aria-rowindex={1}>
            {selection && (
              <span role="columnheader" class="pick">
                {selection === 'many' ? (
                  <input
                    type="checkbox"
                    aria-label={`All that are shown of ${props.label}`}
                    checked={everyOne}
                    onChange={() => onSelect?.(everyOne ? {} : Object.fromEntries(sorted.map((row) => [id(row), true])))}
                  />
                ) : (
                  <span class="unseen">Choice</span>
                )}
              </span>
            )}
            {group.headers.map((header) => {
              const way = header.column.getIsSorted();
              const told = way === 'asc' ? 'ascending' : way === 'desc' ? 'descending' : 'none';
              return (
                <span role="columnheader" class={header.column.columnDef.meta?.room ?? ''} aria-sort={header.column.getCanSort() ? told : undefined}>
                  {header.column.getCanSort() ? (
                    <button type="button" class="sort" onClick={header.column.getToggleSortingHandler()}>
                      {flexRender(header.column.columnDef.header, header.getContext())}
                      <span aria-hidden="true">{way === 'asc' ? ' ↑' : way === 'desc' ? ' ↓' : ''}</span>
                    </button>
                  ) : (
                    flexRender(header.column.columnDef.header, header.getContext())
                  )}
                </span>
              );
            })}
          </div>
        ))}
      </div>
      <div class="rows" ref={scroller} role="rowgroup" tabIndex={0} aria-label={`${props.label}, rows`}>
        {sorted.length === 0 && <div role="row" class="row none"><span role="cell">{props.empty}</span></div>}
        <div class="canvas" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
          {items.map((item) => {
            const row = shown[item.index - first];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                class={`row ${row.getIsSelected() ? 'selected' : ''}`}
                aria-rowindex={item.index + 2}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {selection && (
                  <span role="cell" class="pick">
                    <input
                      type={selection === 'many' ? 'checkbox' : 'radio'}
                      name={selection === 'one' ? props.label : undefined}
                      aria-label={props.name?.(row.original) ?? row.id}
                      checked={row.getIsSelected()}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </span>
                )}
                {row.getVisibleCells().map((cell) => (
                  <span role="cell" class={cell.column.columnDef.meta?.room ?? ''}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The rows by the columns that were chosen, compared as people read them: numbers by their value. */
function inOrder<T>(rows: T[], columns: ColumnDef<T, any>[], sorting: SortingState): T[] {
  const [by] = sorting;
  const column = columns.find((one) => one.id === by?.id);
  if (!by || !column || !('accessorFn' in column)) return rows;
  const keyed = rows.map((row, index) => [String(column.accessorFn(row, index) ?? ''), row] as const);
  keyed.sort(([a], [b]) => (by.desc ? order.compare(b, a) : order.compare(a, b)));
  return keyed.map(([, row]) => row);
}
