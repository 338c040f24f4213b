from django.urls import path

from cohorts.outcomes.views import annual, board, classes

app_name = "outcomes"
urlpatterns = [
    path("", board.board, name="board"),
    path("board.xlsx", board.board_export, name="board_export"),
    path("rows/", board.rows, name="rows"),
    path("classes/", classes.class_list, name="classes"),
    path("classes/<uuid:uuid>/", classes.class_detail, name="class_board"),
    path("classes/<uuid:uuid>/rows/", classes.class_rows, name="class_rows"),
    path("classes/<uuid:uuid>/board.xlsx", classes.class_export, name="class_export"),
    path("annual/", annual.annual, name="annual"),
    path("annual.json", annual.annual_json, name="annual_json"),
]
