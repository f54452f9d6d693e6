/** As much of the toolkit as the tests use; it has no types of its own. */
declare module 'jsonstat-toolkit' {
  interface Datum {
    readonly value: number | null;
    readonly status: string | null;
  }
  interface Category {
    readonly label: string;
    readonly unit: { readonly label: string; readonly decimals: number } | null;
  }
  interface Dimension {
    readonly label: string;
    readonly role: string;
    readonly id: readonly string[];
    Category(id: string): Category;
  }
  interface Dataset {
    readonly class: string;
    readonly label: string;
    readonly id: readonly string[];
    readonly n: number;
    readonly role: Readonly<Record<string, readonly string[] | null>>;
    Dimension(id: string): Dimension;
    Data(at: Readonly<Record<string, string>>): Datum;
    toTable(options: {
      readonly type: 'arrobj';
      readonly content: 'id';
      readonly status: boolean;
    }): readonly Readonly<Record<string, unknown>>[];
  }
  // biome-ignore lint/style/noDefaultExport: it is how the toolkit exports it.
  export default function JSONstat(response: object): Dataset;
}
