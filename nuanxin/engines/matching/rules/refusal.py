"""What the engine answers when it cannot work with what it was given."""

from __future__ import annotations

from typing import Any

MESSAGES = {
    "not_found": (
        "找不到文件“{path}”。请检查路径后重试。",
        "There is no file {path}. Check the path and try again.",
    ),
    "unknown_format": (
        "文件“{path}”不是 .csv 或 .parquet。请另存为其中一种格式。",
        "{path} is neither .csv nor .parquet. Save it as one of the two.",
    ),
    "unknown_encoding": (
        "文件“{path}”既不是 UTF-8 也不是 GB18030 编码。请在表格软件中另存为“CSV UTF-8”。",
        "{path} is neither UTF-8 nor GB18030. Save it again as “CSV UTF-8”.",
    ),
    "unreadable": (
        "文件“{path}”无法读取：{detail}。请重新导出该文件。",
        "{path} cannot be read: {detail}. Export it again.",
    ),
    "same_file": (
        "输出文件与输入文件相同，会覆盖原始数据。请换一个输出文件名。",
        "The output is the input file, which would be overwritten. Give another name for the output.",
    ),
    "no_columns": (
        "没有可用于比对的列。至少需要以下一列：{wanted}；文件中的列是：{found}。请改列名后重试。",
        "No column can be matched on. At least one of {wanted} is needed; the file has {found}. Rename and try again.",
    ),
    "no_id": (
        "记录中缺少“id”列。请为每条记录加上唯一编号。",
        "The records have no column `id`. Give every record a unique one.",
    ),
    "empty_id": ("有 {count} 条记录的 id 为空。请补全。", "{count} records have no id. Fill them in."),
    "repeated_id": (
        "id“{id}”出现了不止一次。每条记录的 id 必须唯一。",
        "The id {id} stands on more than one record. Every record needs its own.",
    ),
    "unknown_id": (
        "人工判定中提到的 id“{id}”不在记录中。请去掉该判定或补上记录。",
        "A human decision names the id {id}, which is not among the records. Drop the decision or add the record.",
    ),
    "repeated_column": (
        "“{column}”列出现了不止一次，无法判断用哪一列。请改名或删除多余的列。",
        "The column {column} stands there more than once. Rename or drop the others.",
    ),
    "column_taken": (
        "文件中已有“{column}”列，结果会与之冲突。请先改名或删除该列。",
        "The file already has a column {column}, which the result needs. Rename or drop it.",
    ),
    "not_writable": (
        "无法写入“{path}”：{detail}。请检查文件夹和权限。",
        "{path} cannot be written: {detail}. Check the folder and its rights.",
    ),
}


class MatchingRefused(Exception):
    """The input cannot be matched. `code` and `params` are for programs, `zh` and `en` for people."""

    def __init__(self, code: str, params: dict[str, Any] | None = None) -> None:
        self.code = code
        self.params = params or {}
        self.zh, self.en = (text.format(**self.params) for text in MESSAGES[code])
        super().__init__(f"{self.zh} / {self.en}")
