def test_the_test_database_is_there(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
